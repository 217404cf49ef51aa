package dev.xaabroker.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Client authentication, strict: exactly one method, and exactly the registered one (RFC 6749 s2.3, RFC 7523 s3). */
final class ClientCheck {

    static final AlgorithmConstraints ASYMMETRIC =
            new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, "RS256", "PS256", "ES256", "EdDSA");
    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** The parameters that are about the client and not about the grant. */
    static final Set<String> PARAMETERS =
            Set.of("client_id", "client_secret", "client_assertion", "client_assertion_type");

    private final Map<String, RegisteredClient> clients = new ConcurrentHashMap<>();
    private final Set<String> usedAssertions = ConcurrentHashMap.newKeySet();
    private final String issuer;
    private final String tokenEndpoint;

    ClientCheck(String issuer, String tokenEndpoint) {
        this.issuer = issuer;
        this.tokenEndpoint = tokenEndpoint;
    }

    void register(RegisteredClient client) {
        clients.put(client.id(), client);
    }

    String authenticate(Call call, AssertionRules rules) {
        String authorization = call.header("Authorization");
        boolean basic = authorization != null;
        boolean post = call.optional("client_secret") != null;
        boolean assertion = call.optional("client_assertion") != null;
        if ((basic ? 1 : 0) + (post ? 1 : 0) + (assertion ? 1 : 0) > 1) {
            throw OAuthProblem.of("invalid_request", "two client authentication methods");
        }
        if (authorization != null) {
            return basic(authorization, call.optional("client_id"));
        }
        if (assertion) {
            return assertion(call, rules);
        }
        return post(call);
    }

    private String basic(String authorization, @Nullable String clientId) {
        if (!authorization.startsWith("Basic ")) {
            throw OAuthProblem.invalidClient("not Basic");
        }
        try {
            return decoded(authorization, clientId);
        } catch (IllegalArgumentException e) {
            throw OAuthProblem.invalidClient("credentials that are not base64 of a form-urlencoded pair");
        }
    }

    private String decoded(String authorization, @Nullable String clientId) {
        String pair = new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        String id = Call.decode(pair.substring(0, Math.max(colon, 0)));
        String secret = Call.decode(pair.substring(colon + 1));
        if (clientId != null && !clientId.equals(id)) {
            throw OAuthProblem.of("invalid_request", "client_id differs from the header's");
        }
        if (clients.get(id) instanceof RegisteredClient.Basic client && same(client.secret(), secret)) {
            return id;
        }
        throw OAuthProblem.invalidClient("unknown client, wrong secret, or not registered for client_secret_basic");
    }

    private String post(Call call) {
        String id = call.optional("client_id");
        String secret = call.optional("client_secret");
        if (id != null
                && secret != null
                && clients.get(id) instanceof RegisteredClient.Post client
                && same(client.secret(), secret)) {
            return id;
        }
        throw OAuthProblem.invalidClient("unknown client, wrong secret, or not registered for client_secret_post");
    }

    private String assertion(Call call, AssertionRules rules) {
        if (!JWT_BEARER.equals(call.optional("client_assertion_type"))) {
            throw OAuthProblem.invalidClient("client_assertion_type");
        }
        try {
            return verify(call.required("client_assertion"), call.optional("client_id"), rules);
        } catch (InvalidJwtException | MalformedClaimException | JoseException e) {
            throw OAuthProblem.invalidClient("client assertion: " + e.getClass().getSimpleName());
        }
    }

    private String verify(String jwt, @Nullable String clientId, AssertionRules rules)
            throws InvalidJwtException, MalformedClaimException, JoseException {
        JwtContext unverified = new JwtConsumerBuilder()
                .setSkipAllValidators()
                .setSkipSignatureVerification()
                .setDisableRequireSignature()
                .build()
                .process(jwt);
        String id = unverified.getJwtClaims().getSubject();
        if (id == null || !(clients.get(id) instanceof RegisteredClient.PrivateKeyJwt client)) {
            throw OAuthProblem.invalidClient("unknown client, or not registered for private_key_jwt");
        }
        JwtContext verified = new JwtConsumerBuilder()
                .setVerificationKeyResolver(
                        new JwksVerificationKeyResolver(new JsonWebKeySet(client.jwks()).getJsonWebKeys()))
                .setJwsAlgorithmConstraints(ASYMMETRIC)
                .setExpectedIssuer(true, id)
                .setExpectedAudience(true, audience(rules))
                .setRequireExpirationTime()
                .setRequireJwtId()
                .setMaxFutureValidityInMinutes(5)
                .build()
                .process(jwt);
        JwtClaims claims = verified.getJwtClaims();
        if (claims.getAudience().size() != 1) {
            throw OAuthProblem.invalidClient("the client assertion has several audiences");
        }
        checkType(verified.getJoseObjects().getFirst().getHeader("typ"), rules);
        if (clientId != null && !clientId.equals(id)) {
            throw OAuthProblem.invalidClient("client_id differs from the assertion's");
        }
        if (!usedAssertions.add(id + " " + claims.getJwtId())) {
            throw OAuthProblem.invalidClient("the client assertion was used before");
        }
        return id;
    }

    private String audience(AssertionRules rules) {
        return rules == AssertionRules.TOKEN_ENDPOINT_UNTYPED ? tokenEndpoint : issuer;
    }

    private static void checkType(@Nullable String typ, AssertionRules rules) {
        boolean good =
                switch (rules) {
                    case RFC7523BIS -> "client-authentication+jwt".equals(typ);
                    case ISSUER_UNTYPED, TOKEN_ENDPOINT_UNTYPED ->
                        typ == null || List.of("JWT", "jwt").contains(typ);
                };
        if (!good) {
            throw OAuthProblem.invalidClient("the client assertion's typ is " + typ);
        }
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
