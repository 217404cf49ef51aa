package dev.xaabroker.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.xaabroker.grant.SigningKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Keys, and JWTs that are right unless a test makes them wrong. */
final class Minted {

    static final Instant NOW = Instant.parse("2026-08-01T10:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Duration SKEW = Duration.ofSeconds(30);

    static final String IDP = "https://idp.example";
    static final String RAS = "https://as.mcp.example";
    static final String BROKER = "https://broker.example";
    static final String CLIENT = "mcp-client";

    static final SigningKey RSA = SigningKeys.read(rsaJwk(2048).toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
    static final SigningKey EC = SigningKeys.read(ecJwk().toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
    static final SigningKey ED = SigningKeys.read(edJwk().toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
    static final SigningKey PSS = new SigningKey(RSA.id(), "PS256", RSA.privateKey(), RSA.publicKey());

    private Minted() {}

    static String jwks(SigningKey... keys) {
        return JwkSets.publish(List.of(keys));
    }

    static JsonWebKey rsaJwk(int bits) {
        return made(() -> RsaJwkGenerator.generateJwk(bits));
    }

    static JsonWebKey ecJwk() {
        return made(() -> EcJwkGenerator.generateJwk(EllipticCurves.P256));
    }

    static JsonWebKey edJwk() {
        return made(() -> OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519));
    }

    static Map<String, Object> idToken() {
        return claims("iss", IDP, "sub", "alice", "aud", CLIENT, "sid", "s-1", "jti", "t-1");
    }

    static Map<String, Object> idJag() {
        return claims("iss", IDP, "sub", "alice", "aud", RAS, "client_id", CLIENT, "jti", "j-1");
    }

    static Map<String, Object> keycloakToken() {
        return claims("iss", IDP, "sub", "alice", "aud", RAS, "azp", CLIENT, "jti", "k-1", "typ", "Bearer");
    }

    static Map<String, Object> clientAssertion() {
        return claims("iss", CLIENT, "sub", CLIENT, "aud", BROKER, "jti", "a-1");
    }

    static Map<String, Object> accessToken() {
        return claims("iss", IDP, "sub", "alice", "aud", RAS, "client_id", CLIENT, "azp", CLIENT, "jti", "x-1");
    }

    static Map<String, Object> logoutToken() {
        return claims(
                "iss",
                IDP,
                "sub",
                "alice",
                "aud",
                CLIENT,
                "sid",
                "s-1",
                "jti",
                "l-1",
                "events",
                Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    }

    static final String TRANSMITTER = "https://signals.idp.example";
    static final String SESSION_REVOKED = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

    /** No {@code exp} and no {@code sub}. */
    static Map<String, Object> securityEvent() {
        return with(
                claims(
                        "iss",
                        TRANSMITTER,
                        "aud",
                        BROKER,
                        "jti",
                        "e-1",
                        "sub_id",
                        Map.of("format", "iss_sub", "iss", IDP, "sub", "alice"),
                        "events",
                        Map.of(SESSION_REVOKED, Map.of())),
                "exp",
                null);
    }

    static Map<String, Object> revocationRequest() {
        return claims("iss", IDP, "sub", CLIENT, "aud", BROKER, "jti", "r-1");
    }

    /** The claims given, issued now and valid for two minutes. */
    static Map<String, Object> claims(Object... namesAndValues) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iat", NOW.getEpochSecond());
        claims.put("exp", NOW.getEpochSecond() + 120);
        return with(claims, namesAndValues);
    }

    /** A copy with these members; a null value removes one. */
    static Map<String, Object> with(Map<String, Object> claims, Object... namesAndValues) {
        Map<String, Object> copy = new LinkedHashMap<>(claims);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] == null) {
                copy.remove((String) namesAndValues[i]);
            } else {
                copy.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        return copy;
    }

    static Map<String, Object> header(SigningKey key, Object... namesAndValues) {
        return with(with(Map.of(), "alg", key.algorithm(), "kid", key.id()), namesAndValues);
    }

    static String sign(SigningKey key, String typ, Map<String, Object> claims) {
        return sign(key, header(key, "typ", typ), JsonUtil.toJson(claims));
    }

    /** Signs whatever it is given, sense or nonsense, with the key's own algorithm or the one the header names. */
    static String sign(SigningKey key, Map<String, Object> header, String payload) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        jws.setDoKeyValidation(false);
        header.forEach(jws::setHeader);
        jws.setPayload(payload);
        jws.setKey(key.privateKey());
        return made(jws::getCompactSerialization);
    }

    static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    static Map<String, Object> decodeHeader(String jwt) {
        return json(new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[0]), UTF_8));
    }

    static Map<String, Object> decodePayload(String jwt) {
        return json(new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), UTF_8));
    }

    static Map<String, Object> json(String text) {
        return made(() -> JsonUtil.parseJson(text));
    }

    interface Making<T> {
        T make() throws JoseException;
    }

    static <T> T made(Making<T> making) {
        try {
            return making.make();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
