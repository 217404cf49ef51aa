package dev.xaabroker.exchange;

import dev.xaabroker.exchange.PeerAuthentication.Proofs;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends one authenticated form to a peer's token endpoint and sorts the answer. It never sends anything twice. */
@ApplicationScoped
class TokenEndpoint {

    private static final Set<String> NOT_NOW = Set.of("temporarily_unavailable", "server_error");
    private static final int OK = 200;
    /** Somebody in front of the peer, who does not know what it did (RFC 9110 s15.6.3, s15.6.5). */
    private static final Set<Integer> GATEWAYS = Set.of(502, 504);

    private static final Set<String> TOKENS = Set.of("subject_token", "refresh_token", "assertion");

    private final Outbound outbound;
    private final PeerAuthentication authentication;
    private final Discovery discovery;
    private final Pace pace;
    private final Clock clock;

    TokenEndpoint(Outbound outbound, PeerAuthentication authentication, Discovery discovery, Pace pace, Clock clock) {
        this.outbound = outbound;
        this.authentication = authentication;
        this.discovery = discovery;
        this.pace = pace;
        this.clock = clock;
    }

    /**
     * Posts {@code form} with {@code credentials}. An answer that hints at outdated metadata puts it in doubt (RULES D11).
     * To an IdP whose {@link Pace} forbids it nothing is sent.
     *
     * @param form the grant's own parameters, which tell nothing about the client
     */
    TokenAnswer post(Hop hop, Peer peer, Metadata metadata, Credentials credentials, Map<String, String> form) {
        if (hop == Hop.IDP) {
            Optional<TokenAnswer.Unsent> notNow = pace.refuses(peer);
            if (notNow.isPresent()) {
                return notNow.get();
            }
        }
        Proofs proofs = authentication.prove(credentials, metadata);
        Map<String, String> body = new LinkedHashMap<>(form);
        body.putAll(proofs.parameters());
        TokenAnswer answer;
        try {
            Answer answered = outbound.postForm(peer, metadata.tokenEndpoint(), proofs.headers(), body);
            if (hop == Hop.IDP) {
                pace.heard(peer, answered, clock.instant());
            }
            answer = sorted(peer, answered, secrets(form, proofs));
        } catch (OutboundException failed) {
            answer = unsent(peer, failed);
        }
        if (hintsAtOutdatedMetadata(answer)) {
            discovery.doubt(hop, metadata.issuer());
        }
        return answer;
    }

    private static List<String> secrets(Map<String, String> form, Proofs proofs) {
        List<String> secrets = new ArrayList<>(proofs.secrets());
        TOKENS.stream().map(form::get).filter(Objects::nonNull).forEach(secrets::add);
        return secrets;
    }

    private static TokenAnswer unsent(Peer peer, OutboundException failed) {
        String detail = peer.name() + ": " + failed.getMessage();
        return switch (failed.kind()) {
            case REFUSED -> new TokenAnswer.Nonsense(0, detail);
            case UNUSABLE -> new TokenAnswer.Nonsense(OK, detail);
            case NOT_SENT -> new TokenAnswer.Unsent(RetryAfter.UNSAID, detail);
            case LOST -> new TokenAnswer.Lost(RetryAfter.UNSAID, detail);
        };
    }

    private TokenAnswer sorted(Peer peer, Answer answer, List<String> sent) {
        int status = answer.status();
        String answered = peer.name() + " answered " + status;
        if (status == 429) {
            return new TokenAnswer.Busy(RetryAfter.of(answer, clock.instant()), answered);
        }
        if (GATEWAYS.contains(status)) {
            return new TokenAnswer.Lost(RetryAfter.of(answer, clock.instant()), answered);
        }
        if (status >= 500) {
            return new TokenAnswer.Down(RetryAfter.of(answer, clock.instant()), answered);
        }
        Document document;
        try {
            document = Document.parse(answer.body());
        } catch (Document.Malformed malformed) {
            return new TokenAnswer.Nonsense(status, answered + " and what it sent is " + malformed.getMessage());
        }
        if (status == 200) {
            return new TokenAnswer.Granted(document);
        }
        return refused(answer, document, answered, sent);
    }

    private TokenAnswer refused(Answer answer, Document document, String answered, List<String> sent) {
        @Nullable String error = said(document, "error");
        if (answer.status() < 400 || error == null) {
            return new TokenAnswer.Nonsense(answer.status(), answered + " without an OAuth error");
        }
        String code = Quoted.of(error, sent);
        String description = said(document, "error_description");
        String detail = answered + " " + code
                + (description == null || description.isBlank() ? "" : ": " + Quoted.of(description, sent));
        return NOT_NOW.contains(code)
                ? new TokenAnswer.Down(RetryAfter.of(answer, clock.instant()), detail)
                : new TokenAnswer.Refused(answer.status(), code, document, detail);
    }

    private static @Nullable String said(Document document, String member) {
        try {
            return document.text(member).orElse(null);
        } catch (Document.Malformed notText) {
            return null;
        }
    }

    private static boolean hintsAtOutdatedMetadata(TokenAnswer answer) {
        return switch (answer) {
            case TokenAnswer.Refused refused ->
                refused.status() == 404
                        || refused.error().equals("invalid_client")
                        || refused.error().equals("unsupported_grant_type");
            case TokenAnswer.Nonsense nonsense -> nonsense.status() == 404;
            case TokenAnswer.Granted granted -> false;
            case TokenAnswer.Busy busy -> false;
            case TokenAnswer.Unsent unsent -> false;
            case TokenAnswer.Down down -> false;
            case TokenAnswer.Lost lost -> false;
        };
    }
}
