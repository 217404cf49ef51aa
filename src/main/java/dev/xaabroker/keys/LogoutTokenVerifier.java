package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies the logout tokens of an IdP (OIDC Back-Channel Logout 1.0 s2.4, s2.6; RULES H3). */
@ApplicationScoped
public class LogoutTokenVerifier {

    private static final Set<String> TYPES = Set.of(SignedJwt.NO_TYPE, "jwt", "logout+jwt");
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    /** One that is older would only be sent again; what it ends is over by the next re-check anyway. */
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private final Timing timing;

    @Inject
    public LogoutTokenVerifier(Clock clock, KeysConfig config) {
        this(clock, config.clockSkew());
    }

    public LogoutTokenVerifier(Clock clock, Duration skew) {
        this.timing = new Timing(clock, skew);
    }

    /**
     * Verifies that {@code jwt} is a logout token of {@code issuer} for us, of these minutes. That it was not used before is
     * for the caller to make sure.
     *
     * @param clientIds our registrations at that IdP: {@code aud} names one or more of them, and nobody else
     * @throws JwtRejected when it is not
     */
    public LogoutTokenClaims verify(String jwt, String jwks, String issuer, Set<String> clientIds) {
        Claims claims = SignedJwt.read(jwt, jwks, TYPES);
        claims.issuer(issuer);
        checkKind(claims);
        claims.audienceWithin(clientIds);
        Instant issued = timing.checkRecent(claims, MAX_AGE);
        String subject = claims.has("sub") ? claims.string("sub") : null;
        String session = claims.has("sid") ? claims.string("sid") : null;
        if (subject == null && session == null) {
            throw new JwtRejected("neither sub nor sid says what is over");
        }
        return new LogoutTokenClaims(claims.id(), subject, session, issued);
    }

    /** The header often says no more than {@code JWT}; Keycloak writes the kind into a claim {@code typ} too. */
    private static void checkKind(Claims claims) {
        claims.absent("nonce");
        String kind = claims.optionalString("typ");
        if (kind != null && !kind.equals("Logout")) {
            throw new JwtRejected("not a logout token but another kind of JWT of this issuer");
        }
        if (!(claims.object("events").get(EVENT) instanceof Map)) {
            throw new JwtRejected("claim events does not hold the logout event");
        }
    }

    /**
     * What a verified logout token says. At least one of {@code subject} and {@code session} is there.
     *
     * @param id its {@code jti}
     * @param session its {@code sid}
     */
    public record LogoutTokenClaims(
            String id, @Nullable String subject, @Nullable String session, Instant issuedAt) {

        @Override
        public String toString() {
            return "LogoutTokenClaims[hidden]";
        }
    }
}
