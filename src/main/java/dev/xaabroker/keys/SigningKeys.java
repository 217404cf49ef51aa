package dev.xaabroker.keys;

import dev.xaabroker.grant.SigningKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Reads the private keys that sign the broker's client assertions. */
public final class SigningKeys {

    private SigningKeys() {}

    /**
     * Reads a private key: PEM (PKCS#8), or a private JWK (RFC 7517). RSA of at least 2048 bits, EC P-256 or Ed25519. The
     * PEM of an EC or Ed25519 key must be followed by its {@code PUBLIC KEY} block in the same text.
     *
     * <p>The key's id is its RFC 7638 thumbprint. Its algorithm is RS256, ES256 or EdDSA; the member {@code alg} of an RSA
     * JWK may choose PS256.
     *
     * @throws IllegalArgumentException that says what to do, and shows nothing of the key
     */
    public static SigningKey read(String pemOrJwk) {
        String text = pemOrJwk.strip();
        if (text.startsWith("{")) {
            return ofJwk(text);
        }
        if (text.contains("-----BEGIN ")) {
            return of(Pem.read(text), null);
        }
        throw new IllegalArgumentException("a signing key must be PEM (-----BEGIN PRIVATE KEY-----) or a private JWK");
    }

    static JsonWebKey publicJwk(PublicKey key) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(key);
        } catch (JoseException e) {
            throw new IllegalArgumentException("a key of type " + key.getAlgorithm() + " cannot be written as a JWK");
        }
    }

    private static SigningKey ofJwk(String json) {
        PublicJsonWebKey jwk;
        try {
            jwk = PublicJsonWebKey.Factory.newPublicJwk(json);
        } catch (JoseException | RuntimeException e) {
            // No cause: the parser's message quotes what it read.
            throw new IllegalArgumentException("the JWK is not a complete RSA, EC P-256 or Ed25519 key");
        }
        if (jwk.getPrivateKey() == null) {
            throw new IllegalArgumentException("the JWK holds no private key (member \"d\")");
        }
        return of(new KeyPair(jwk.getPublicKey(), jwk.getPrivateKey()), jwk.getAlgorithm());
    }

    private static SigningKey of(KeyPair pair, @Nullable String wanted) {
        String usual = Algorithms.forKey(pair.getPublic());
        if (usual == null || !Algorithms.fits(usual, pair.getPrivate())) {
            throw new IllegalArgumentException("a signing key must be RSA of at least " + Algorithms.RSA_BITS
                    + " bits, EC on curve P-256, or Ed25519");
        }
        String algorithm = wanted == null ? usual : wanted;
        if (!Algorithms.fits(algorithm, pair.getPublic())) {
            throw new IllegalArgumentException(
                    "the JWK's \"alg\" must be one of " + Algorithms.ALL + " and fit its key");
        }
        checkHalves(pair, usual);
        String id = publicJwk(pair.getPublic()).calculateBase64urlEncodedThumbprint("SHA-256");
        return new SigningKey(id, algorithm, pair.getPrivate(), pair.getPublic());
    }

    private static void checkHalves(KeyPair pair, String algorithm) {
        String signature =
                switch (algorithm) {
                    case "RS256" -> "SHA256withRSA";
                    case "ES256" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        try {
            if (KeyPairs.match(pair, signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            // Told below, without the provider's message.
        }
        throw new IllegalArgumentException("the public half does not belong to the private key");
    }
}
