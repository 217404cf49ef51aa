package dev.xaabroker.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Names a high-entropy value, a token or a document, without showing it. Not for e-mail or ids: see {@link KeyedHash}. */
public final class Fingerprint {

    private Fingerprint() {}

    /** SHA-256 of the UTF-8 bytes of {@code value}, in lower-case hex. */
    public static String sha256(String value) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
