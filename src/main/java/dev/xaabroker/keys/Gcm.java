package dev.xaabroker.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D s8.2.2) in front of ciphertext and tag. */
final class Gcm {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** What a sealed value is longer than its content. */
    static final int OVERHEAD = NONCE_BYTES + TAG_BITS / Byte.SIZE;

    private final SecureRandom random = new SecureRandom();

    byte[] randomKey() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return key;
    }

    byte[] seal(byte[] key, byte[] aad, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = new byte[plain.length + OVERHEAD];
            System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
            cipher(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot seal with AES-256-GCM", e);
        }
    }

    /**
     * Opens what is left in {@code sealed}.
     *
     * @throws SealBroken when it was altered, or is opened with another key or {@code aad}
     */
    static byte[] open(byte[] key, byte[] aad, ByteBuffer sealed) {
        if (sealed.remaining() < OVERHEAD) {
            throw new SealBroken("the sealed value is too short");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        sealed.get(nonce);
        byte[] secret = new byte[sealed.remaining()];
        sealed.get(secret);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new SealBroken("the sealed value was altered, or belongs elsewhere");
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad);
        return cipher;
    }
}
