package dev.xaabroker.exchange;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Peer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds out whether a token endpoint knows us: with a grant that cannot be honoured, a server that knows the client speaks of
 * the grant, and one that does not of the client (RFC 6749 s5.2).
 */
final class RegistrationCheckup {

    private final TokenEndpoint endpoint;
    private final Predicate<Credentials> isReal;

    RegistrationCheckup(TokenEndpoint endpoint, Predicate<Credentials> isReal) {
        this.endpoint = endpoint;
        this.isReal = isReal;
    }

    /**
     * One attempt.
     *
     * @param name of the check
     * @param entry where the credentials stand in the file
     * @param well what to say when it speaks of the made-up grant alone
     * @param wellRefused the errors that speak of the made-up grant alone
     * @param fixes what to do about other errors, by error code
     */
    record Attempt(
            String name,
            Hop hop,
            Peer peer,
            Metadata metadata,
            Credentials credentials,
            Map<String, String> form,
            String entry,
            String well,
            List<String> wellRefused,
            Map<String, String> fixes) {}

    Check of(Attempt attempt) {
        if (!isReal.test(attempt.credentials())) {
            return Check.skipped(attempt.name(), "its secret or key is missing, see the file");
        }
        TokenAnswer answer =
                endpoint.post(attempt.hop(), attempt.peer(), attempt.metadata(), attempt.credentials(), attempt.form());
        Function<String, Check> unclear = fix -> Check.warning(attempt.name(), answer.detail(), fix);
        return switch (answer) {
            case TokenAnswer.Granted granted ->
                Check.fault(
                        attempt.name(), "it granted a made-up token", "do not use it: it gives tokens to whoever asks");
            case TokenAnswer.Refused refused -> refused(attempt, refused);
            case TokenAnswer.Busy busy -> unclear.apply("it is busy: try again later");
            case TokenAnswer.Unsent unsent
            when unsent.detail().contains(Pace.LEFT_ALONE) -> unclear.apply("it is busy: try again later");
            case TokenAnswer.Unsent unsent ->
                Check.fault(attempt.name(), unsent.detail(), "see that its token endpoint can be reached from here");
            case TokenAnswer.Lost lost ->
                Check.fault(attempt.name(), lost.detail(), "see why its token endpoint does not answer in time");
            case TokenAnswer.Down down ->
                Check.fault(attempt.name(), down.detail(), "its token endpoint fails: its owner must mend it");
            case TokenAnswer.Nonsense nonsense ->
                Check.fault(
                        attempt.name(),
                        nonsense.detail(),
                        "is its token endpoint right? It does not answer like one (RFC 6749 s5.2)");
        };
    }

    private static Check refused(Attempt attempt, TokenAnswer.Refused refused) {
        String error = refused.error();
        if (attempt.wellRefused().contains(error)) {
            return Check.ok(attempt.name(), attempt.well() + " (" + error + ")");
        }
        if (error.equals("invalid_client")) {
            return Check.fault(attempt.name(), refused.detail(), clientFix(attempt));
        }
        String fix = attempt.fixes().get(error);
        return fix == null
                ? Check.warning(
                        attempt.name(),
                        refused.detail(),
                        "this does not tell whether the client is known: try a real connect (xaa connect)")
                : Check.fault(attempt.name(), refused.detail(), fix);
    }

    private static String clientFix(Attempt attempt) {
        String at = " at " + attempt.entry();
        String known = " (its metadata lists "
                + Quoted.of(attempt.metadata().authMethods().toString()) + ")";
        return switch (attempt.credentials()) {
            case Credentials.SecretBasic basic ->
                "compare clientId, method" + known + " and secret" + at + " with the registration there";
            case Credentials.SecretPost post ->
                "compare clientId, method" + known + " and secret" + at + " with the registration there";
            case Credentials.PrivateKeyJwt jwt ->
                "have the public half of its key (kid " + jwt.key().id() + ", in the broker's /oauth2/jwks) registered"
                        + " there for clientId " + jwt.clientId() + "; then compare audience and typ of the assertion"
                        + at;
        };
    }

    /** Whether the peer says that it takes our way of proving ourselves; its word alone decides nothing. */
    static List<Check> method(String entry, Metadata metadata, Credentials credentials) {
        String method = PeerAuthentication.method(credentials);
        return metadata.authMethods().contains(method)
                ? List.of()
                : List.of(Check.warning(
                        "method",
                        "it lists " + Quoted.of(metadata.authMethods().toString()) + " and not " + method,
                        "if the registration there says otherwise, change method at " + entry));
    }
}
