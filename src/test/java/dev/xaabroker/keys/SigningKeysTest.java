package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

    @Test
    void readsAnRsaKeyFromPemAlone() throws Exception {
        KeyPair pair = rsa(2048);
        SigningKey key = SigningKeys.read("\n" + privatePem(pair) + "\n");
        assertThat(key.algorithm()).isEqualTo("RS256");
        assertThat(key.publicKey()).isEqualTo(pair.getPublic());
        assertThat(key.id())
                .isEqualTo(PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic())
                        .calculateBase64urlEncodedThumbprint("SHA-256"));
    }

    @Test
    void readsTheExampleThumbprintOfRfc7638() {
        String n =
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
                        + "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d"
                        + "0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-cs"
                        + "FCur-kEgU8awapJzKnqDKgw";
        List<PublicJsonWebKey> keys =
                JwkSets.verificationKeys("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":\"AQAB\"}]}");
        assertThat(SigningKeys.publicJwk(keys.getFirst().getPublicKey()).calculateBase64urlEncodedThumbprint("SHA-256"))
                .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @Test
    void readsAnEcOrEd25519KeyFromPemWithItsPublicHalf() throws Exception {
        for (KeyPair pair : List.of(ec("secp256r1"), ed())) {
            SigningKey key = SigningKeys.read(privatePem(pair) + "\n" + publicPem(pair));
            assertThat(key.publicKey()).isEqualTo(pair.getPublic());
            assertThatThrownBy(() -> SigningKeys.read(privatePem(pair)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("openssl pkey -in key.pem -pubout >> key.pem");
        }
    }

    @Test
    void readsAPrivateJwk() {
        assertThat(Minted.RSA.algorithm()).isEqualTo("RS256");
        assertThat(Minted.EC.algorithm()).isEqualTo("ES256");
        assertThat(Minted.ED.algorithm()).isEqualTo("EdDSA");
        JsonWebKey rsa = Minted.rsaJwk(2048);
        rsa.setAlgorithm("PS256");
        assertThat(SigningKeys.read(rsa.toJson(OutputControlLevel.INCLUDE_PRIVATE))
                        .algorithm())
                .isEqualTo("PS256");
    }

    @Test
    @Rules("C2")
    void refusesAnAlgorithmOutsideTheList() {
        for (String algorithm : List.of("HS256", "none", "RS512", "ES256", "RSA-OAEP")) {
            JsonWebKey rsa = Minted.rsaJwk(2048);
            rsa.setAlgorithm(algorithm);
            refused(rsa.toJson(OutputControlLevel.INCLUDE_PRIVATE), "alg");
        }
    }

    @Test
    @Rules("C2")
    void refusesWeakAndUnknownKeys() throws Exception {
        refused(privatePem(rsa(1024)), "2048");
        refused(Minted.rsaJwk(1024).toJson(OutputControlLevel.INCLUDE_PRIVATE), "2048");
        KeyPair p384 = ec("secp384r1");
        refused(privatePem(p384) + publicPem(p384), "P-256");
    }

    @Test
    void refusesHalvesThatDoNotBelongTogether() throws Exception {
        for (List<KeyPair> pairs : List.of(
                List.of(rsa(2048), rsa(2048)), List.of(ec("secp256r1"), ec("secp256r1")), List.of(ed(), ed()))) {
            refused(privatePem(pairs.get(0)) + publicPem(pairs.get(1)), "does not belong");
        }
        refused(privatePem(ed()) + publicPem(rsa(2048)), "not the public half");
    }

    @Test
    @Rules("K5")
    void saysWhatToDoAndShowsNothingOfTheKey() throws Exception {
        refused("secret-canary", "PEM");
        refused("{\"secret-canary\":", "JWK");
        refused(Minted.ecJwk().toJson(OutputControlLevel.PUBLIC_ONLY), "no private key");
        refused("{\"kty\":\"oct\",\"k\":\"c2VjcmV0LWNhbmFyeQ\"}", "JWK");
        refused(pem("RSA PRIVATE KEY", "secret-canary".getBytes(StandardCharsets.US_ASCII)), "openssl pkcs8");
        refused(pem("ENCRYPTED PRIVATE KEY", new byte[9]), "openssl pkcs8");
        refused(pem("PRIVATE KEY", new byte[9]), "not RSA, EC or Ed25519");
        refused("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----", "");
    }

    private static void refused(String key, String hint) {
        assertThatThrownBy(() -> SigningKeys.read(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(hint)
                .hasMessageNotContaining("secret-canary")
                .hasNoCause();
    }

    private static KeyPair rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static KeyPair ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static KeyPair ed() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private static String privatePem(KeyPair pair) {
        return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    private static String publicPem(KeyPair pair) {
        return pem("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }
}
