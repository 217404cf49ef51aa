package dev.xaabroker.keys;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies the assertion with which an MCP client proves itself (RFC 7523 s3, draft-ietf-oauth-rfc7523bis-11 s4; RULES
 * A4). Made at start, so that a wrong {@code xaa.keys.clock-skew} stops the start.
 */
@Startup
@ApplicationScoped
public class ClientAssertionVerifier {

    private static final Set<String> TYPES = Set.of(SignedJwt.NO_TYPE, "jwt", "client-authentication+jwt");
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    private final Timing timing;

    @Inject
    public ClientAssertionVerifier(Clock clock, KeysConfig config) {
        this(clock, config.clockSkew());
    }

    public ClientAssertionVerifier(Clock clock, Duration skew) {
        this.timing = new Timing(clock, skew);
    }

    /**
     * Whom an assertion claims to come from, proven by nothing: it tells which client's keys to verify it with, when the
     * request has no {@code client_id} (RFC 7521 s4.2).
     */
    public Optional<String> claimedClient(String jwt) {
        try {
            return Optional.of(SignedJwt.readUnverified(jwt).string("sub"));
        } catch (JwtRejected e) {
            return Optional.empty();
        }
    }

    /**
     * Verifies that {@code jwt} was made by {@code clientId} for us, and is valid now. That it was not used before is for
     * the caller to make sure: mark {@link ClientAssertionClaims#id()} until its {@code expires} plus the skew.
     *
     * @param ourIssuer the only accepted audience; the token endpoint's URL is none
     * @throws JwtRejected when it does not hold
     */
    public ClientAssertionClaims verify(String jwt, String jwks, String clientId, String ourIssuer) {
        Claims claims = SignedJwt.read(jwt, jwks, TYPES);
        claims.equal("iss", clientId);
        claims.equal("sub", clientId);
        claims.onlyAudience(ourIssuer);
        Instant expires = timing.check(claims);
        timing.checkAtMost(expires, MAX_AHEAD);
        String id = claims.id();
        Instant issued = claims.optionalDate("iat");
        Instant earliest = expires.minus(MAX_AHEAD).minus(timing.skew());
        return new ClientAssertionClaims(id, issued == null ? earliest : issued, expires);
    }

    /**
     * What makes an assertion single-use.
     *
     * @param id its {@code jti}, unique per client
     * @param issued its {@code iat}; without one, the earliest that it can have been accepted anywhere
     * @param expires its {@code exp}
     */
    public record ClientAssertionClaims(String id, Instant issued, Instant expires) {}
}
