package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies the ID tokens of an IdP (OIDC Core s3.1.3.7, s12.2). */
@ApplicationScoped
public class IdTokenVerifier {

    private static final Set<String> TYPES = Set.of(SignedJwt.NO_TYPE, "jwt");

    private final Timing timing;

    @Inject
    public IdTokenVerifier(Clock clock, KeysConfig config) {
        this(clock, config.clockSkew());
    }

    public IdTokenVerifier(Clock clock, Duration skew) {
        this.timing = new Timing(clock, skew);
    }

    /**
     * Verifies that {@code jwt} is an ID token of {@code issuer} for {@code clientId}, valid now. How old it may be, and
     * whose, is for the caller to judge.
     *
     * @throws JwtRejected when it is not
     */
    public IdTokenClaims verify(String jwt, String jwks, String issuer, String clientId) {
        Claims claims = SignedJwt.read(jwt, jwks, TYPES);
        claims.equal("iss", issuer);
        checkKind(claims);
        checkAudience(claims, clientId);
        Instant expires = timing.check(claims);
        return new IdTokenClaims(
                claims.string("sub"),
                claims.optionalString("sid"),
                claims.date("iat"),
                expires,
                claims.optionalString("acr"),
                claims.optionalDate("auth_time"),
                claims.all());
    }

    /**
     * The header of an ID token often says no more than {@code JWT}, so the payload must not speak of another kind: a
     * logout token or SET has {@code events} (RFC 8417 s2.2), and Keycloak writes the kind into a claim {@code typ}.
     */
    private static void checkKind(Claims claims) {
        String kind = claims.optionalString("typ");
        if (claims.has("events") || (kind != null && !kind.equals("ID"))) {
            throw new JwtRejected("not an ID token but another kind of JWT of this issuer");
        }
    }

    private static void checkAudience(Claims claims, String clientId) {
        List<String> audience = claims.strings("aud");
        if (!audience.contains(clientId)) {
            throw new JwtRejected("claim aud does not name the client");
        }
        if (audience.size() > 1 || claims.has("azp")) {
            claims.equal("azp", clientId);
        }
    }

    /**
     * What a verified ID token says.
     *
     * @param sid the login session at the IdP (OIDC Back-Channel Logout s2.1)
     * @param all every claim, for the mapping of groups and attributes; unmodifiable
     */
    public record IdTokenClaims(
            String subject,
            @Nullable String sid,
            Instant issuedAt,
            Instant expires,
            @Nullable String acr,
            @Nullable Instant authTime,
            Map<String, Object> all) {

        @Override
        public String toString() {
            return "IdTokenClaims[hidden]";
        }
    }
}
