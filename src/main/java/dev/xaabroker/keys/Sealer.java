package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what is stored: AES-256-GCM under a derived key, bound to its place by {@code aad} (RULES K6). A sealed value:
 * version (1 byte), length of the key id (1), key id, nonce (12), ciphertext and tag.
 */
@ApplicationScoped
public class Sealer {

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final KeyRing ring;
    private final SecureRandom random = new SecureRandom();

    public Sealer(KeyRing ring) {
        this.ring = ring;
    }

    /**
     * Seals {@code plain} with the current key.
     *
     * @param aad names the one place this value may be opened at: tenant, kind and record id
     */
    public byte[] seal(String aad, byte[] plain) {
        String keyId = ring.currentSealingKey();
        byte[] key = ring.sealingKey(keyId, aad);
        if (key == null) {
            throw new IllegalStateException("the key ring has no current key");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] secret = cipher(Cipher.ENCRYPT_MODE, key, nonce, aad, keyId).doFinal(plain);
            byte[] id = keyId.getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(2 + id.length + NONCE_BYTES + secret.length)
                    .put(VERSION)
                    .put((byte) id.length)
                    .put(id)
                    .put(nonce)
                    .put(secret)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot seal with AES-256-GCM", e);
        }
    }

    /**
     * Opens what {@link #seal} made for the same {@code aad}.
     *
     * @throws SealBroken when it was altered, cut, moved from another place, or sealed with a key the ring does not hold
     */
    public byte[] open(String aad, byte[] sealed) {
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        if (sealed.length < 2 || buffer.get() != VERSION) {
            throw new SealBroken("not a sealed value of a known version");
        }
        byte[] id = new byte[Byte.toUnsignedInt(buffer.get())];
        byte[] nonce = new byte[NONCE_BYTES];
        if (buffer.remaining() < id.length + NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            throw new SealBroken("the sealed value is too short");
        }
        buffer.get(id).get(nonce);
        String keyId = new String(id, StandardCharsets.US_ASCII);
        byte[] key = ring.sealingKey(keyId, aad);
        if (key == null) {
            throw new SealBroken("sealed with a key that the key ring does not hold");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, aad, keyId)
                    .doFinal(sealed, buffer.position(), buffer.remaining());
        } catch (GeneralSecurityException e) {
            throw new SealBroken("the sealed value was altered, or belongs elsewhere");
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String aad, String keyId)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(Hmac.encode(aad, keyId));
        return cipher;
    }
}
