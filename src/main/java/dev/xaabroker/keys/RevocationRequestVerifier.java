package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Verifies the JWT with which an IdP proves itself at the Global Token Revocation endpoint
 * (draft-parecki-oauth-global-token-revocation; Okta's {@code SIGNED_JWT}; RULES H11).
 */
@ApplicationScoped
public class RevocationRequestVerifier {

    private static final Set<String> TYPES = Set.of("global-token-revocation+jwt");

    /** Okta's live five minutes. */
    private static final Duration MAX_AHEAD = Duration.ofMinutes(10);

    private final Timing timing;

    @Inject
    public RevocationRequestVerifier(Clock clock, KeysConfig config) {
        this(clock, config.clockSkew());
    }

    public RevocationRequestVerifier(Clock clock, Duration skew) {
        this.timing = new Timing(clock, skew);
    }

    /**
     * Verifies that {@code jwt} was made by {@code issuer} for a call to us, and is valid now. Whom the call is about does not
     * stand in it.
     *
     * @param audiences our names there: {@code aud} holds one or more of them, and nothing else
     * @throws JwtRejected when it does not hold; of part AUDIENCE when all holds but that it is for somebody else
     */
    public RevocationRequestClaims verify(String jwt, String jwks, String issuer, Set<String> audiences) {
        Claims claims = SignedJwt.read(jwt, jwks, TYPES);
        claims.issuer(issuer);
        claims.absent("events");
        claims.absent("nonce");
        timing.checkAtMost(timing.check(claims), MAX_AHEAD);
        RevocationRequestClaims request = new RevocationRequestClaims(claims.id(), timing.checkBegun(claims));
        claims.audienceWithin(audiences);
        return request;
    }

    /**
     * What the JWT says.
     *
     * @param id its {@code jti}
     */
    public record RevocationRequestClaims(String id, Instant issuedAt) {

        @Override
        public String toString() {
            return "RevocationRequestClaims[hidden]";
        }
    }
}
