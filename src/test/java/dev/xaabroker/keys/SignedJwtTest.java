package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.EC;
import static dev.xaabroker.keys.Minted.ED;
import static dev.xaabroker.keys.Minted.PSS;
import static dev.xaabroker.keys.Minted.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedJwtTest {

    private static final Set<String> TYPES = Set.of(SignedJwt.NO_TYPE);
    private static final String PAYLOAD = "{\"sub\":\"alice\"}";

    @Test
    @Rules("C2")
    void acceptsTheFourAlgorithmsOfTheList() {
        // PS256 signs with the RSA key; its JWK then must not be pinned to RS256.
        String keys = unpinned(RSA, EC, ED);
        for (SigningKey key : List.of(RSA, PSS, EC, ED)) {
            String jwt = Minted.sign(key, Minted.header(key), PAYLOAD);
            assertThat(SignedJwt.read(jwt, keys, TYPES).string("sub")).isEqualTo("alice");
        }
    }

    @Test
    @Rules("C2")
    void refusesAlgNone() {
        String header = Minted.encode("{\"alg\":\"none\",\"kid\":\"" + RSA.id() + "\"}");
        for (String signature : List.of("", "AAAA")) {
            refused(header + "." + Minted.encode(PAYLOAD) + "." + signature, Minted.jwks(RSA));
        }
        assertThatThrownBy(
                        () -> SignedJwt.read(header + "." + Minted.encode(PAYLOAD) + ".AAAA", Minted.jwks(RSA), TYPES))
                .hasMessageContaining("alg");
    }

    @Test
    @Rules("C2")
    void refusesHmacKeyedWithThePublicKey() throws Exception {
        String signed =
                Minted.encode("{\"alg\":\"HS256\",\"kid\":\"" + RSA.id() + "\"}") + "." + Minted.encode(PAYLOAD);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(RSA.publicKey().getEncoded(), "HmacSHA256"));
        String signature = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        assertThatThrownBy(() -> SignedJwt.read(signed + "." + signature, Minted.jwks(RSA), TYPES))
                .isInstanceOf(JwtRejected.class)
                .hasMessageContaining("alg is not one of");
    }

    @Test
    @Rules("C2")
    void refusesAnAsymmetricAlgorithmThatIsNotListed() {
        SigningKey rs512 = new SigningKey(RSA.id(), "RS512", RSA.privateKey(), RSA.publicKey());
        String keys = unpinned(RSA);
        assertThatThrownBy(() -> SignedJwt.read(Minted.sign(rs512, Minted.header(rs512), PAYLOAD), keys, TYPES))
                .isInstanceOf(JwtRejected.class)
                .hasMessageContaining("alg is not one of");
    }

    @Test
    @Rules("C2")
    void refusesAnAlgorithmThatDoesNotFitTheKey() {
        // The signature is right for the key; the header or the JWK says something else.
        String jwt = Minted.sign(EC, Minted.header(EC), PAYLOAD);
        String lying =
                Minted.encode("{\"alg\":\"RS256\",\"kid\":\"" + EC.id() + "\"}") + jwt.substring(jwt.indexOf('.'));
        assertThatThrownBy(() -> SignedJwt.read(lying, unpinned(EC), TYPES))
                .isInstanceOf(JwtRejected.class)
                .hasMessage("alg does not fit the key");
        refused(Minted.sign(PSS, Minted.header(PSS), PAYLOAD), Minted.jwks(RSA));
    }

    @ParameterizedTest
    @Rules("C2")
    @ValueSource(strings = {"jwk", "jku", "x5u", "x5c", "crit", "b64"})
    void refusesAHeaderThatBringsItsOwnKeyOrMustBeUnderstood(String member) {
        Object value =
                switch (member) {
                    case "jwk" -> Map.of("kty", "RSA", "n", "AQ", "e", "AQAB");
                    case "x5c" -> List.of("AAAA");
                    case "crit" -> List.of("exp");
                    case "b64" -> true;
                    default -> "https://evil.example/keys";
                };
        String header = JsonUtil.toJson(Minted.header(RSA, member, value));
        String jwt = signRaw(header, PAYLOAD);
        assertThatThrownBy(() -> SignedJwt.read(jwt, Minted.jwks(RSA), TYPES))
                .isInstanceOf(JwtRejected.class)
                .hasMessage("header member " + member + " is not accepted");
    }

    @Test
    @Rules("C2")
    void refusesAnRsaKeyBelow2048Bits() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair weak = generator.generateKeyPair();
        SigningKey key = new SigningKey("weak", "RS256", weak.getPrivate(), weak.getPublic());
        refused(Minted.sign(key, Minted.header(key), PAYLOAD), Minted.jwks(key));
    }

    @Test
    @Rules({"C2", "C5"})
    void refusesMembersThatStandTwice() {
        String header = JsonUtil.toJson(Minted.header(RSA));
        assertThat(SignedJwt.read(signRaw(header, PAYLOAD), Minted.jwks(RSA), TYPES)
                        .string("sub"))
                .isEqualTo("alice");
        refused(signRaw(header, "{\"sub\":\"alice\",\"sub\":\"mallory\"}"), Minted.jwks(RSA));
        refused(signRaw(header, "{\"sub\":\"alice\",\"a\":{\"b\":1,\"b\":2}}"), Minted.jwks(RSA));
        refused(signRaw(header.replace("{", "{\"alg\":\"RS256\","), PAYLOAD), Minted.jwks(RSA));
    }

    @Test
    void refusesAnAlteredTokenAndEveryThingThatIsNone() {
        String jwt = Minted.sign(RSA, Minted.header(RSA), PAYLOAD);
        String[] parts = jwt.split("\\.", -1);
        refused(parts[0] + "." + Minted.encode("{\"sub\":\"mallory\"}") + "." + parts[2], Minted.jwks(RSA));
        for (String other :
                List.of("", "a", "a.b", "a.b.c", "a.b.c.d.e", jwt + "=", jwt + " ", " " + jwt, jwt + ".x")) {
            refused(other, Minted.jwks(RSA));
        }
        refused(signRaw("{\"alg\":\"RS256\",\"kid\":7}", PAYLOAD), Minted.jwks(RSA));
        refused(signRaw("{\"alg\":[\"RS256\"]}", PAYLOAD), Minted.jwks(RSA));
        for (String payload : List.of("[]", "null", "\"x\"", "{", "", "{}x")) {
            refused(signRaw(JsonUtil.toJson(Minted.header(RSA)), payload), Minted.jwks(RSA));
        }
    }

    @Test
    void ignoresNoJunkInsideTheSignature() {
        String jwt = Minted.sign(RSA, Minted.header(RSA), PAYLOAD);
        int middle = jwt.lastIndexOf('.') + 20;
        refused(jwt.substring(0, middle) + "\n" + jwt.substring(middle), Minted.jwks(RSA));
    }

    @Test
    @Rules("C6")
    void saysWhenAFreshJwksMayHelpAndOnlyThen() {
        String jwt = Minted.sign(RSA, Minted.header(RSA), PAYLOAD);
        assertThat(rejected(jwt, Minted.jwks(EC)).unknownKey()).isTrue();
        assertThat(rejected(jwt, "{\"keys\":[]}").unknownKey()).isTrue();
        assertThat(rejected(jwt.substring(0, jwt.length() - 8) + "AAAAAAAA", Minted.jwks(RSA))
                        .unknownKey())
                .isFalse();
        assertThat(rejected(Minted.sign(RSA, Minted.header(RSA, "typ", "at+jwt"), PAYLOAD), Minted.jwks(EC))
                        .unknownKey())
                .isFalse();
        SigningKey other = SigningKeys.read(Minted.rsaJwk(2048).toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
        String nameless = Minted.sign(other, Minted.header(other, "kid", null), PAYLOAD);
        assertThat(rejected(nameless, Minted.jwks(RSA)).unknownKey()).isTrue();
        assertThat(SignedJwt.read(nameless, Minted.jwks(RSA, EC, other), TYPES).string("sub"))
                .isEqualTo("alice");
    }

    @Test
    void skipsKeysThatAreNotForVerifyingSignatures() {
        String jwt = Minted.sign(RSA, Minted.header(RSA), PAYLOAD);
        String encryption = Minted.jwks(RSA).replace("\"use\":\"sig\"", "\"use\":\"enc\"");
        assertThat(rejected(jwt, encryption).unknownKey()).isTrue();
        String wrap = Minted.jwks(RSA).replace("\"use\":\"sig\"", "\"key_ops\":[\"wrapKey\"]");
        assertThat(rejected(jwt, wrap).unknownKey()).isTrue();
        String odd =
                Minted.jwks(RSA).replace("{\"keys\":[", "{\"keys\":[7,{\"kty\":\"XYZ\"},{\"kty\":\"RSA\",\"n\":1},");
        assertThat(SignedJwt.read(jwt, odd, TYPES).string("sub")).isEqualTo("alice");
    }

    @Test
    @Rules("K5")
    void theMessageHoldsNothingOfTheToken() {
        String secret = "canary-4711";
        List<String> tokens = List.of(
                secret,
                signRaw("{\"alg\":\"" + secret + "\"}", PAYLOAD),
                signRaw("{\"alg\":\"RS256\",\"typ\":\"" + secret + "\"}", PAYLOAD),
                signRaw("{\"alg\":\"RS256\",\"kid\":\"" + secret + "\"}", PAYLOAD),
                signRaw("{\"" + secret + "\":}", PAYLOAD),
                signRaw(JsonUtil.toJson(Minted.header(RSA)), "{\"" + secret + "\":}"));
        for (String token : tokens) {
            JwtRejected rejected = rejected(token, Minted.jwks(RSA));
            assertThat(rejected).hasMessageNotContaining(secret).hasNoCause();
        }
        assertThat(SignedJwt.read(
                        signRaw(JsonUtil.toJson(Minted.header(RSA)), "{\"sub\":\"" + secret + "\"}"),
                        Minted.jwks(RSA),
                        TYPES))
                .hasToString("Claims[hidden]");
    }

    /** Signs an exact header text, with RS256 and the RSA key. */
    private static String signRaw(String header, String payload) {
        try {
            String input = Minted.encode(header) + "." + Minted.encode(payload);
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(RSA.privateKey());
            signer.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keys whose JWKs do not say with which algorithm they are used. */
    private static String unpinned(SigningKey... keys) {
        return Minted.jwks(keys).replaceAll(",?\"alg\":\"[^\"]*\"", "");
    }

    private static void refused(String jwt, String jwks) {
        assertThatThrownBy(() -> SignedJwt.read(jwt, jwks, TYPES)).isInstanceOf(JwtRejected.class);
    }

    private static JwtRejected rejected(String jwt, String jwks) {
        return catchThrowableOfType(JwtRejected.class, () -> SignedJwt.read(jwt, jwks, TYPES));
    }
}
