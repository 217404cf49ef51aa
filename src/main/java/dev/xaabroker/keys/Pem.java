package dev.xaabroker.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key pair in PEM (RFC 7468). The JDK computes no public half from an EC or Ed25519 private key, so for those the text
 * must hold it too.
 */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final List<String> KINDS = List.of("RSA", "EC", "Ed25519");

    private Pem() {}

    static KeyPair read(String text) {
        byte[] pkcs8 = block(text, "PRIVATE KEY")
                .orElseThrow(() -> new IllegalArgumentException(
                        "the PEM holds no unencrypted PKCS#8 block (-----BEGIN PRIVATE KEY-----); convert it with:"
                                + " openssl pkcs8 -topk8 -nocrypt -in old.pem -out key.pem"));
        PrivateKey secret = KINDS.stream()
                .flatMap(kind -> privateKey(kind, pkcs8).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the PEM's private key is not RSA, EC or Ed25519"));
        return new KeyPair(publicKey(text, secret), secret);
    }

    private static PublicKey publicKey(String text, PrivateKey secret) {
        try {
            Optional<byte[]> given = block(text, "PUBLIC KEY");
            if (given.isPresent()) {
                return KeyFactory.getInstance(secret.getAlgorithm())
                        .generatePublic(new X509EncodedKeySpec(given.get()));
            }
            if (secret instanceof RSAPrivateCrtKey rsa) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the PEM's PUBLIC KEY block is not the public half of its PRIVATE KEY");
        }
        throw new IllegalArgumentException("this kind of PEM needs its public half in the same file; add it with:"
                + " openssl pkey -in key.pem -pubout >> key.pem");
    }

    private static Optional<PrivateKey> privateKey(String kind, byte[] pkcs8) {
        try {
            return Optional.of(KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> block(String text, String label) {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals(label)) {
                try {
                    return Optional.of(Base64.getMimeDecoder().decode(block.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("the PEM's " + label + " block is not base64");
                }
            }
        }
        return Optional.empty();
    }
}
