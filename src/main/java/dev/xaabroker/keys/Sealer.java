package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Seals what is stored with AES-256-GCM, bound to its place (RULES K6). A sealed value begins with its version (1 byte), the
 * length of the key id (1) and the key id.
 *
 * <p>Version 2, for records: length of the wrapped data key (2), the data key as {@link KeyEncryption} wrapped it, then nonce,
 * ciphertext and tag under the data key, which seals this one value. Version 1, for what lives some minutes: nonce,
 * ciphertext and tag under a key that is derived from the ring's for the place. Either opens, whatever it was made for.
 */
@ApplicationScoped
public class Sealer {

    private static final byte SINGLE = 1;
    private static final byte ENVELOPE = 2;

    private final KeyRing ring;
    private final KeyEncryption keys;
    private final Gcm gcm = new Gcm();

    @Inject
    Sealer(KeyRing ring, KeyEncryption keys) {
        this.ring = ring;
        this.keys = keys;
    }

    /** A sealer whose key-encryption keys are those of {@code ring}. */
    public Sealer(KeyRing ring) {
        this(ring, new RingEncryption(ring));
    }

    /**
     * Seals {@code plain} under a data key of its own, which is wrapped under the current key-encryption key.
     *
     * @param place the one place this value may be opened at: tenant, kind, record id and column
     * @throws dev.xaabroker.grant.Refusal Unavailable "keys" when the key-encryption keys are elsewhere and do not answer
     */
    public byte[] seal(String place, byte[] plain) {
        String keyId = keys.current();
        byte[] dataKey = gcm.randomKey();
        byte[] wrapped = keys.wrap(keyId, place, dataKey);
        byte[] secret = gcm.seal(dataKey, Hmac.encode("record", place), plain);
        byte[] header = header(ENVELOPE, keyId);
        return ByteBuffer.allocate(header.length + Short.BYTES + wrapped.length + secret.length)
                .put(header)
                .putShort((short) wrapped.length)
                .put(wrapped)
                .put(secret)
                .array();
    }

    /**
     * Seals {@code plain} for some minutes, in one layer and with the ring alone: for a cache, which is read at every
     * request and empty long before a key goes.
     */
    public byte[] sealBriefly(String place, byte[] plain) {
        String keyId = ring.current();
        byte[] secret = gcm.seal(ring.derived("seal", keyId, place), Hmac.encode(place, keyId), plain);
        byte[] header = header(SINGLE, keyId);
        return ByteBuffer.allocate(header.length + secret.length)
                .put(header)
                .put(secret)
                .array();
    }

    /**
     * Opens what was sealed for the same {@code place}.
     *
     * @throws SealBroken when it was altered, cut, moved from another place, or sealed under a key that is not there
     * @throws dev.xaabroker.grant.Refusal Unavailable "keys" when the key-encryption keys are elsewhere and do not answer
     */
    public byte[] open(String place, byte[] sealed) {
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        byte version = sealed.length < 2 ? 0 : buffer.get();
        if (version != SINGLE && version != ENVELOPE) {
            throw new SealBroken("not a sealed value of a known version");
        }
        String keyId = new String(next(buffer, Byte.toUnsignedInt(buffer.get())), StandardCharsets.ISO_8859_1);
        if (version == SINGLE) {
            return Gcm.open(ring.derived("seal", keyId, place), Hmac.encode(place, keyId), buffer);
        }
        byte[] length = next(buffer, Short.BYTES);
        byte[] wrapped =
                next(buffer, Short.toUnsignedInt(ByteBuffer.wrap(length).getShort()));
        byte[] dataKey = keys.unwrap(keyId, place, wrapped);
        return Gcm.open(dataKey, Hmac.encode("record", place), buffer);
    }

    /** The key that records are sealed under now. */
    public String current() {
        return keys.current();
    }

    /** With what every record begins that {@link #seal} makes under this key. */
    public static byte[] header(String keyId) {
        return header(ENVELOPE, keyId);
    }

    private static byte[] header(byte version, String keyId) {
        byte[] id = keyId.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + id.length)
                .put(version)
                .put((byte) id.length)
                .put(id)
                .array();
    }

    private static byte[] next(ByteBuffer buffer, int length) {
        if (buffer.remaining() < length) {
            throw new SealBroken("the sealed value is too short");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
