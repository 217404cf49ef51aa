package dev.xaabroker.grant;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * How a handle is written: {@code xaas_}, 256 random bits, and their CRC-32, both base64url. The checksum tells a cut or
 * mistyped handle from an unknown one without asking anybody; it protects nothing.
 */
public final class HandleFormat {

    /** What every handle starts with, and nothing else that clients present. */
    public static final String PREFIX = "xaas_";

    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_CHARS = 43;
    private static final Pattern SHAPE = Pattern.compile("xaas_[A-Za-z0-9_-]{49}");
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private HandleFormat() {}

    /** Whether {@code token} claims to be a handle: it is then never sent to an IdP, well-formed or not. */
    public static boolean looksLikeHandle(String token) {
        return token.startsWith(PREFIX);
    }

    /** Whether {@code token} is a handle as {@link #mint} makes them. */
    public static boolean isWellFormed(String token) {
        if (!SHAPE.matcher(token).matches()) {
            return false;
        }
        int checksum = PREFIX.length() + RANDOM_CHARS;
        return token.substring(checksum).equals(checksum(token.substring(PREFIX.length(), checksum)));
    }

    /** A new handle. */
    public static Secret mint(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String value = BASE64URL.encodeToString(bytes);
        return Secret.of(PREFIX + value + checksum(value));
    }

    private static String checksum(String value) {
        CRC32 crc = new CRC32();
        crc.update(value.getBytes(StandardCharsets.US_ASCII));
        return BASE64URL.encodeToString(
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
    }
}
