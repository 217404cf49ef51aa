package dev.xaabroker.broker;

import dev.xaabroker.exchange.SignalKeys;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signal;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.keys.RevocationRequestVerifier;
import dev.xaabroker.keys.RevocationRequestVerifier.RevocationRequestClaims;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;

/** Takes requests to revoke all of a user (draft-parecki-oauth-global-token-revocation; RULES H11). */
@ApplicationScoped
public class RevocationRequests {

    private final SignalSources sources;
    private final SignalKeys keys;
    private final RevocationRequestVerifier verifier;
    private final SignalDesk desk;
    private final Clock clock;

    RevocationRequests(
            SignalSources sources, SignalKeys keys, RevocationRequestVerifier verifier, SignalDesk desk, Clock clock) {
        this.sources = sources;
        this.keys = keys;
        this.verifier = verifier;
        this.desk = desk;
        this.clock = clock;
    }

    /**
     * Makes sure that it is the IdP that asks, and asks us.
     *
     * @throws dev.xaabroker.keys.JwtRejected when it is not; of part AUDIENCE when it is, and asks somebody else
     * @throws dev.xaabroker.grant.Refusal Unavailable or PeerFault
     */
    public RevocationRequestClaims authenticate(IdentityProviderEntry idp, Secret bearer) {
        return keys.byIdentityProvider(
                idp, jwks -> verifier.verify(bearer.reveal(), jwks, idp.issuer(), sources.revocationAudiences(idp)));
    }

    /**
     * Ends all that the user has. Durable when this returns.
     *
     * @param subject the subject identifier of the body, {@code email} or {@code iss_sub} (RFC 9493)
     * @throws SubjectIdentifiers.Malformed when it is anything else
     * @throws dev.xaabroker.grant.Refusal Unavailable; it must not be acknowledged
     */
    public SignalDesk.Outcome revoke(
            IdentityProviderEntry idp, RevocationRequestClaims request, Map<String, ?> subject, String requestId) {
        return switch (SubjectIdentifiers.user(subject, idp)) {
            case SubjectIdentifiers.About.Logins(Signal.Whose whose) ->
                desk.receive(
                        new Signal(
                                idp,
                                Signal.Kind.TOKEN_REVOCATION,
                                id(request, whose),
                                whose,
                                request.issuedAt(),
                                clock.instant()),
                        requestId);
            case SubjectIdentifiers.About.Nobody nobody -> SignalDesk.Outcome.UNKNOWN_USER;
            case SubjectIdentifiers.About.Stream stream ->
                throw new SubjectIdentifiers.Malformed("the format must be email or iss_sub");
        };
    }

    /**
     * The JWT does not say whom the call is about, so its {@code jti} alone does not name the signal: an IdP that uses one JWT
     * for two users would be told that the second is done.
     */
    private static String id(RevocationRequestClaims request, Signal.Whose whose) {
        return Fingerprint.sha256(request.id() + "\n" + whose.subject() + "\n" + whose.email());
    }
}
