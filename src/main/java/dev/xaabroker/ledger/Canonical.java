package dev.xaabroker.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that the ledger hashes and signs: a sequence of fields, each a byte 0 when it is null, or a byte 1, the length
 * of its UTF-8 bytes as four bytes, most significant first, and those bytes. Numbers are decimal, times ISO 8601 in UTC,
 * truth values {@code true} and {@code false}. No two different sequences have the same bytes.
 */
final class Canonical {

    /** What stands where there is no previous link or checkpoint. */
    static final String NOTHING = "0".repeat(64);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Canonical add(@Nullable Object field) {
        if (field == null) {
            bytes.write(0);
            return this;
        }
        byte[] text = field.toString().getBytes(StandardCharsets.UTF_8);
        bytes.write(1);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
        bytes.writeBytes(text);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** SHA-256 in lower-case hex. */
    String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
