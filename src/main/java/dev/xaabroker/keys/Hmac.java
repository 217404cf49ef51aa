package dev.xaabroker.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over a list of strings: the one primitive behind keyed hashes and derived keys. */
final class Hmac {

    private static final String ALGORITHM = "HmacSHA256";

    private Hmac() {}

    static byte[] of(byte[] key, String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(encode(parts));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }

    /**
     * Writes each part with its length in front, so that ("a", "bc") and ("ab", "c") differ. UTF-16 units as they are:
     * an encoder would turn every broken surrogate into the same replacement character.
     */
    static byte[] encode(String... parts) {
        int size = 0;
        for (String part : parts) {
            size += Integer.BYTES + Character.BYTES * part.length();
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (String part : parts) {
            bytes.putInt(part.length());
            bytes.asCharBuffer().put(part);
            bytes.position(bytes.position() + Character.BYTES * part.length());
        }
        return bytes.array();
    }
}
