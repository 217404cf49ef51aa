package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies, as the client, an ID-JAG that an IdP issued, before it is sent anywhere (ID-JAG s3.1; RULES C1 to C3). */
@ApplicationScoped
public class IdJagVerifier {

    private static final Set<String> ID_JAG = Set.of("oauth-id-jag+jwt");
    private static final Set<String> STAND_IN = Set.of("jwt");

    private final Timing timing;

    @Inject
    public IdJagVerifier(Clock clock, KeysConfig config) {
        this(clock, config.clockSkew());
    }

    public IdJagVerifier(Clock clock, Duration skew) {
        this.timing = new Timing(clock, skew);
    }

    /**
     * Verifies that {@code jwt} is an ID-JAG as {@code expected}, valid now. Whether its subject is the session's, and its
     * resources are those asked for, is for the caller to judge.
     *
     * @throws JwtRejected when it is not; it must then be sent nowhere
     */
    public IdJagClaims verify(String jwt, String jwks, Expected expected) {
        Claims claims = SignedJwt.read(jwt, jwks, expected.keycloakStandIn ? STAND_IN : ID_JAG);
        claims.equal("iss", expected.issuer);
        claims.onlyAudience(expected.audience);
        claims.equal(expected.keycloakStandIn ? "azp" : "client_id", expected.clientId);
        if (expected.keycloakStandIn) {
            checkStandIn(claims);
        }
        Instant expires = timing.check(claims);
        claims.date("iat");
        return new IdJagClaims(
                claims.string("sub"), claims.string("jti"), expires, resources(claims), claims.optionalString("scope"));
    }

    /** Keycloak marks its access tokens {@code "typ": "Bearer"} in the payload, and ID and refresh tokens otherwise. */
    private static void checkStandIn(Claims claims) {
        String kind = claims.optionalString("typ");
        if (claims.has("events") || (kind != null && !kind.equals("Bearer"))) {
            throw new JwtRejected("not an access token but another kind of JWT of this issuer");
        }
    }

    private static List<String> resources(Claims claims) {
        if (!claims.has("resource")) {
            return List.of();
        }
        List<String> resources = claims.strings("resource");
        if (resources.stream().anyMatch(resource -> resource.indexOf('#') >= 0)) {
            throw new JwtRejected("claim resource has a fragment");
        }
        return resources;
    }

    /**
     * What the ID-JAG must be for.
     *
     * @param issuer the configured IdP
     * @param audience the issuer of the RAS, byte for byte
     * @param clientId our client id at that RAS; for the stand-in, our client id at the IdP
     * @param keycloakStandIn whether a Keycloak access token stands in for an ID-JAG: {@code typ} {@code JWT}, and
     *     {@code azp} in place of {@code client_id}
     */
    public record Expected(String issuer, String audience, String clientId, boolean keycloakStandIn) {}

    /**
     * What a verified ID-JAG says.
     *
     * @param id its {@code jti}
     * @param resources its {@code resource} claim, empty when it has none
     * @param scope space-delimited, null when it has none
     */
    public record IdJagClaims(
            String subject,
            String id,
            Instant expires,
            List<String> resources,
            @Nullable String scope) {

        public IdJagClaims {
            resources = List.copyOf(resources);
        }

        @Override
        public String toString() {
            return "IdJagClaims[hidden]";
        }
    }
}
