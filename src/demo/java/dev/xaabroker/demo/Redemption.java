package dev.xaabroker.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/** RFC 7523 at an authorization server, with the checks of ID-JAG s4.4.1. */
final class Redemption {

    private final String issuer;
    private final String trustedIssuer;
    private final String trustedJwksUri;
    private final Set<String> resources;
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String jwks;

    Redemption(String issuer, String trustedIssuer, String trustedJwksUri, Set<String> resources) {
        this.issuer = issuer;
        this.trustedIssuer = trustedIssuer;
        this.trustedJwksUri = trustedJwksUri;
        this.resources = resources;
    }

    Standing redeem(Call call, String clientId, RasBehaviour behaviour, Instant now) {
        JwtClaims claims = verify(call.required("assertion"), behaviour, now);
        String named = text(claims, behaviour.acceptsPlainJwt ? "azp" : "client_id");
        if (!behaviour.acceptsPlainJwt && !clientId.equals(named)) {
            throw OAuthProblem.of("invalid_grant", "client_id is not the authenticated client");
        }
        String resource = resource(claims, call.optional("resource"), behaviour);
        List<String> scopes = scopes(text(claims, "scope"), call.optional("scope"), behaviour);
        if (behaviour.singleUse && !used.add(trustedIssuer + " " + text(claims, "jti"))) {
            throw OAuthProblem.of("invalid_grant", "the assertion was used before");
        }
        String subject = String.valueOf(text(claims, "sub"));
        String email = String.valueOf(text(claims, "email"));
        return new Standing(subject, email, clientId, scopes, resource, now.plusSeconds(behaviour.expiresIn));
    }

    private JwtClaims verify(String assertion, RasBehaviour behaviour, Instant now) {
        String typ = behaviour.acceptsPlainJwt ? "JWT" : "oauth-id-jag+jwt";
        try {
            return JwtCheck.verify(assertion, jwks(false), typ, trustedIssuer, issuer, now);
        } catch (JwtCheck.Rejected first) {
            // The key may be new; the JWKS is asked for once more.
            try {
                return JwtCheck.verify(assertion, jwks(true), typ, trustedIssuer, issuer, now);
            } catch (JwtCheck.Rejected e) {
                throw OAuthProblem.of("invalid_grant", "the assertion does not hold: " + e.getMessage());
            }
        }
    }

    private String jwks(boolean fresh) {
        String known = jwks;
        if (known != null && !fresh) {
            return known;
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(trustedJwksUri)).build();
            String fetched =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            jwks = fetched;
            return fetched;
        } catch (IOException e) {
            throw new OAuthProblem(503, "temporarily_unavailable", "the keys of the issuer cannot be fetched");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String resource(JwtClaims claims, @Nullable String asked, RasBehaviour behaviour) {
        Object claim = claims.getClaimValue("resource");
        List<?> claimed = claim == null ? List.of() : claim instanceof List<?> list ? list : List.of(claim);
        if (claimed.isEmpty() && behaviour.requiresResourceClaim) {
            throw OAuthProblem.of("invalid_grant", "the assertion says no resource");
        }
        if (!resources.containsAll(claimed)) {
            throw OAuthProblem.of("invalid_grant", "resource is not guarded here");
        }
        if (asked != null && (!resources.contains(asked) || (!claimed.isEmpty() && !claimed.contains(asked)))) {
            throw OAuthProblem.of("invalid_target", "resource differs from the assertion's");
        }
        if (asked != null) {
            return asked;
        }
        return claimed.isEmpty() ? resources.iterator().next() : String.valueOf(claimed.getFirst());
    }

    private static List<String> scopes(@Nullable String claimed, @Nullable String asked, RasBehaviour behaviour) {
        Set<String> granted = new LinkedHashSet<>(split(claimed == null ? asked : claimed));
        if (asked != null) {
            granted.retainAll(split(asked));
        }
        if (!behaviour.grantsOnly.isEmpty()) {
            granted.retainAll(behaviour.grantsOnly);
        }
        if (granted.isEmpty()) {
            throw OAuthProblem.of("invalid_scope", "nothing is left to grant");
        }
        return new ArrayList<>(granted);
    }

    private static List<String> split(@Nullable String scope) {
        return scope == null || scope.isEmpty() ? List.of() : Arrays.asList(scope.split(" "));
    }

    private static @Nullable String text(JwtClaims claims, String name) {
        return claims.getClaimValue(name) instanceof String text ? text : null;
    }
}
