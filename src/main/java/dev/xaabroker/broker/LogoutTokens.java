package dev.xaabroker.broker;

import dev.xaabroker.exchange.SignalKeys;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signal;
import dev.xaabroker.keys.LogoutTokenVerifier;
import dev.xaabroker.keys.LogoutTokenVerifier.LogoutTokenClaims;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/** Takes logout tokens (OIDC Back-Channel Logout 1.0 s2.6; RULES H3, H4). */
@ApplicationScoped
public class LogoutTokens {

    private final SignalSources sources;
    private final SignalKeys keys;
    private final LogoutTokenVerifier verifier;
    private final SignalDesk desk;
    private final Clock clock;

    LogoutTokens(SignalSources sources, SignalKeys keys, LogoutTokenVerifier verifier, SignalDesk desk, Clock clock) {
        this.sources = sources;
        this.keys = keys;
        this.verifier = verifier;
        this.desk = desk;
        this.clock = clock;
    }

    /**
     * Ends what the token says: with a {@code sid} that session, with a {@code sub} alone all of that user. Durable when this
     * returns.
     *
     * @throws dev.xaabroker.keys.JwtRejected when it is not a logout token of this IdP for us; nothing has changed
     * @throws dev.xaabroker.grant.Refusal Unavailable or PeerFault; it must not be acknowledged
     */
    public SignalDesk.Outcome receive(IdentityProviderEntry idp, Secret logoutToken, String requestId) {
        LogoutTokenClaims claims = keys.byIdentityProvider(
                idp, jwks -> verifier.verify(logoutToken.reveal(), jwks, idp.issuer(), sources.clientIds(idp)));
        Signal signal = new Signal(
                idp,
                Signal.Kind.BACKCHANNEL_LOGOUT,
                claims.id(),
                new Signal.Whose(claims.subject(), claims.session(), null),
                claims.issuedAt(),
                clock.instant());
        return desk.receive(signal, requestId);
    }
}
