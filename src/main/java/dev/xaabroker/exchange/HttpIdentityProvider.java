package dev.xaabroker.exchange;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.AnswerLost;
import dev.xaabroker.grant.Failure.Denied;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.NotSent;
import dev.xaabroker.grant.Failure.PeerDenied;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.SessionDead;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.IdTokenVerifier.IdTokenClaims;
import dev.xaabroker.keys.JwtRejected;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The IdP over HTTP. */
@ApplicationScoped
class HttpIdentityProvider implements IdentityProvider {

    private static final Logger LOG = Logger.getLogger(HttpIdentityProvider.class);
    private static final Duration OLDEST_ID_TOKEN = Duration.ofMinutes(5);
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final Discovery discovery;
    private final TokenEndpoint endpoint;
    private final KeySets keys;
    private final IdTokens idTokens;
    private final UserInfo userInfo;
    private final IdJagAnswer idJagAnswer;
    private final Revocation revocation;
    private final Clock clock;

    HttpIdentityProvider(
            Discovery discovery,
            TokenEndpoint endpoint,
            KeySets keys,
            IdTokens idTokens,
            UserInfo userInfo,
            IdJagAnswer idJagAnswer,
            Revocation revocation,
            Clock clock) {
        this.discovery = discovery;
        this.endpoint = endpoint;
        this.keys = keys;
        this.idTokens = idTokens;
        this.userInfo = userInfo;
        this.idJagAnswer = idJagAnswer;
        this.revocation = revocation;
        this.clock = clock;
    }

    @Override
    public Proof refresh(IdentityProviderEntry idp, Client client, Secret refreshToken, @Nullable Identity known) {
        Metadata metadata = prepared(idp);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken.reveal());
        TokenAnswer answer = endpoint.post(Hop.IDP, idp.peer(), metadata, client.atIdentityProvider(), form);
        return switch (answer) {
            case TokenAnswer.Granted granted ->
                proof(new Sent(idp, client, refreshToken, known, metadata), granted.document());
            case TokenAnswer.Refused refused
            when refused.status() == 400 && refused.error().equals("invalid_grant") ->
                throw new SessionDead(refused.detail()).refusal();
            case TokenAnswer.Lost lost -> throw new AnswerLost(noAnswer(idp, client, lost)).refusal();
            case TokenAnswer.Nonsense nonsense
            when nonsense.mayHaveActed() -> throw new AnswerLost(noAnswer(idp, client, nonsense)).refusal();
            case TokenAnswer.Unsent unsent -> throw new NotSent(noAnswer(idp, client, unsent)).refusal();
            case TokenAnswer.Nonsense nonsense
            when nonsense.status() == 0 -> throw new NotSent(noAnswer(idp, client, nonsense)).refusal();
            default -> throw noAnswer(idp, client, answer).refusal();
        };
    }

    @Override
    public Revoked revoke(IdentityProviderEntry idp, Client client, Secret refreshToken) {
        return revocation.revoke(idp, client, refreshToken);
    }

    /** What a refresh needs beside the token, fetched before that leaves. */
    private Metadata prepared(IdentityProviderEntry idp) {
        try {
            Metadata metadata = discovery.of(idp);
            keys.warm(idp);
            return metadata;
        } catch (Refusal notReady) {
            throw new NotSent(notReady.failure()).refusal();
        }
    }

    @Override
    public Identity identify(IdentityProviderEntry idp, Client client, Secret idToken) {
        IdTokenClaims claims;
        try {
            claims = idTokens.verified(idp, client, idToken);
        } catch (JwtRejected rejected) {
            throw unknownSession("ID token refused: " + rejected.getMessage());
        }
        Instant now = clock.instant();
        if (claims.issuedAt().isBefore(now.minus(OLDEST_ID_TOKEN))) {
            throw unknownSession("ID token is more than five minutes old");
        }
        if (claims.issuedAt().isAfter(now.plus(SKEW))) {
            throw unknownSession("ID token is from the future");
        }
        return idTokens.identity(idp, claims);
    }

    @Override
    public Leg1 idJag(
            IdentityProviderEntry idp,
            Client client,
            Server server,
            Scopes scopes,
            Secret subjectToken,
            boolean sessionless,
            User expected) {
        Dialect dialect = Dialect.of(idp, sessionless);
        if (dialect.takesIdToken()) {
            Optional<String> objection = objection(idp, client, subjectToken, expected);
            if (objection.isPresent()) {
                return new Leg1.SubjectRefused(objection.get());
            }
        }
        TokenAnswer answer = endpoint.post(
                Hop.IDP,
                idp.peer(),
                discovery.of(idp),
                client.atIdentityProvider(),
                dialect.form(idp, server, scopes, subjectToken.reveal()));
        return switch (answer) {
            case TokenAnswer.Granted granted ->
                new Leg1.Issued(idJagAnswer.checked(
                        new IdJagAnswer.Asked(idp, client, server, scopes, expected, dialect), granted.document()));
            case TokenAnswer.Refused refused -> refused(idp, client, refused);
            default -> throw noAnswer(idp, client, answer).refusal();
        };
    }

    /** Why an ID token must not be sent: it is not this client's (RULES B6), not this user's, or over. */
    private Optional<String> objection(IdentityProviderEntry idp, Client client, Secret idToken, User expected) {
        try {
            IdTokenClaims claims = idTokens.verified(idp, client, idToken);
            return idTokens.user(idp, claims).equals(expected)
                    ? Optional.empty()
                    : Optional.of("the ID token is about another user");
        } catch (JwtRejected rejected) {
            return Optional.of("the ID token does not hold: " + rejected.getMessage());
        }
    }

    /**
     * A refresh under way.
     *
     * @param known what the last proof said of its user; null when it was never proven
     */
    private record Sent(
            IdentityProviderEntry idp,
            Client client,
            Secret token,
            @Nullable Identity known,
            Metadata metadata) {}

    private Proof proof(Sent sent, Document document) {
        try {
            Secret idToken = token(document, "id_token");
            Secret accessToken = token(document, "access_token");
            Secret returned = token(document, "refresh_token");
            return new Proof(
                    idToken == null ? withoutIdToken(sent, accessToken) : identity(sent, idToken),
                    returned == null || returned.equals(sent.token()) ? null : returned,
                    idToken,
                    accessToken,
                    clock.instant());
        } catch (Document.Malformed malformed) {
            throw unproven(
                    sent.token(), document, fault(sent.idp(), "in its refresh answer, " + malformed.getMessage()));
        } catch (JwtRejected rejected) {
            throw unproven(
                    sent.token(),
                    document,
                    fault(sent.idp(), "the ID token of its refresh answer does not hold: " + rejected.getMessage()));
        } catch (Refusal noProof) {
            throw unproven(sent.token(), document, noProof.failure());
        }
    }

    /**
     * A refreshed ID token may leave out the session that it belongs to (OIDC Core s12.2), which is the one of the login, and
     * the e-mail address.
     */
    private Identity identity(Sent sent, Secret idToken) {
        Identity fresh = idTokens.identity(sent.idp(), idTokens.verified(sent.idp(), sent.client(), idToken));
        Identity known = sent.known();
        if (known == null) {
            return fresh;
        }
        Identity inSession = fresh.idpSession() == null ? fresh.inIdpSession(known.idpSession()) : fresh;
        return inSession.emailHash() == null ? inSession.withEmail(known.emailHash()) : inSession;
    }

    private Identity withoutIdToken(Sent sent, @Nullable Secret accessToken) {
        Optional<Identity> said = userInfo.of(sent.idp(), sent.metadata(), accessToken, sent.known());
        if (said.isPresent()) {
            return said.get();
        }
        Identity known = sent.known();
        if (known == null) {
            throw fault(
                            sent.idp(),
                            "its refresh answer has no id_token, and UserInfo does not say who the user is: the client's"
                                    + " registration there needs the openid scope")
                    .refusal();
        }
        LOG.warnf(
                "claims unknown: a refresh brought neither an ID token nor UserInfo; the client's registration needs the"
                        + " openid scope provider=%s client=%s",
                sent.idp().name(), sent.client().id());
        return known.claimsUnknown();
    }

    /** The answer proves nothing; when it brought another refresh token, the one that was sent is spent all the same. */
    private static Refusal unproven(Secret sent, Document document, Failure why) {
        if (!document.has("refresh_token")
                || document.says("refresh_token", "")
                || document.says("refresh_token", sent.reveal())) {
            return why.refusal();
        }
        try {
            return new AnswerLost(why, Optional.ofNullable(token(document, "refresh_token"))).refusal();
        } catch (Document.Malformed noText) {
            return new AnswerLost(why).refusal();
        }
    }

    private static @Nullable Secret token(Document document, String member) {
        return document.text(member)
                .filter(value -> !value.isEmpty())
                .map(Secret::of)
                .orElse(null);
    }

    private static Leg1 refused(IdentityProviderEntry idp, Client client, TokenAnswer.Refused refused) {
        return switch (refused.error()) {
            case "invalid_grant", "invalid_request" -> new Leg1.SubjectRefused(refused.detail());
            case "access_denied", "invalid_target", "unauthorized_client", "invalid_scope" ->
                throw new PeerDenied(Hop.IDP, idp.peer().name(), refused.error(), refused.detail()).refusal();
            case "insufficient_user_authentication" -> throw StepUpChallenge.from(refused);
            default -> throw noAnswer(idp, client, refused).refusal();
        };
    }

    /** What every answer means that says nothing about the user. */
    private static Failure noAnswer(IdentityProviderEntry idp, Client client, TokenAnswer answer) {
        return switch (answer) {
            case TokenAnswer.Busy busy -> new Unavailable(Hop.IDP.code(), busy.retryAfter(), busy.detail());
            case TokenAnswer.Down down -> new Unavailable(Hop.IDP.code(), down.retryAfter(), down.detail());
            case TokenAnswer.Unsent unsent -> new Unavailable(Hop.IDP.code(), unsent.retryAfter(), unsent.detail());
            case TokenAnswer.Lost lost -> new Unavailable(Hop.IDP.code(), lost.retryAfter(), lost.detail());
            case TokenAnswer.Refused refused -> {
                if (refused.error().equals("invalid_client")) {
                    LOG.errorf(
                            "alert: the identity provider refuses our credentials provider=%s client=%s detail=%s",
                            idp.name(), client.id(), refused.detail());
                }
                yield fault(idp, refused.detail());
            }
            case TokenAnswer.Nonsense nonsense -> fault(idp, nonsense.detail());
            case TokenAnswer.Granted granted -> fault(idp, granted.detail());
        };
    }

    private static PeerFault fault(IdentityProviderEntry idp, String what) {
        return new PeerFault(Hop.IDP, idp.peer().name(), idp.name() + ": " + what);
    }

    private static Refusal unknownSession(String detail) {
        return new Denied(
                        Reason.SESSION_UNKNOWN,
                        "",
                        "The ID token is not valid here: log in again and present a new one.",
                        Optional.empty(),
                        detail)
                .refusal();
    }
}
