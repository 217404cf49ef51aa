package dev.xaabroker.demo;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An RSA key pair that signs with RS256; its {@code kid} is the RFC 7638 thumbprint. */
public final class DemoKey {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final RSAPrivateCrtKey privateKey;
    private final RSAPublicKey publicKey;
    private final String kid;

    private DemoKey(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) throws GeneralSecurityException {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        String thumbprint = "{\"e\":\"" + number(publicKey.getPublicExponent()) + "\",\"kty\":\"RSA\",\"n\":\""
                + number(publicKey.getModulus()) + "\"}";
        byte[] bytes = thumbprint.getBytes(StandardCharsets.UTF_8);
        this.kid = URL.encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    public static DemoKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            return new DemoKey((RSAPrivateCrtKey) pair.getPrivate(), (RSAPublicKey) pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what {@link #privatePem()} wrote. */
    public static DemoKey fromPem(String pem) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            KeyFactory factory = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(der));
            RSAPublicKeySpec half = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
            return new DemoKey(key, (RSAPublicKey) factory.generatePublic(half));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a PKCS #8 RSA key", e);
        }
    }

    /** PKCS #8, as OpenSSL writes it. */
    public String privatePem() {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(privateKey.getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    public String kid() {
        return kid;
    }

    public Map<String, Object> publicJwk() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "RSA");
        jwk.put("kid", kid);
        jwk.put("use", "sig");
        jwk.put("alg", "RS256");
        jwk.put("n", number(publicKey.getModulus()));
        jwk.put("e", number(publicKey.getPublicExponent()));
        return jwk;
    }

    /** A JWK Set of this key alone. */
    public String publicJwks() {
        return jwks(List.of(this));
    }

    static String jwks(List<DemoKey> keys) {
        return Json.write(Map.of("keys", keys.stream().map(DemoKey::publicJwk).toList()));
    }

    /** The public half as bytes: the HMAC secret of the key-confusion attack. */
    byte[] publicBytes() {
        return publicKey.getEncoded();
    }

    byte[] sign(byte[] input) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int start = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
        return URL.encodeToString(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    @Override
    public String toString() {
        return "DemoKey[" + kid + "]";
    }
}
