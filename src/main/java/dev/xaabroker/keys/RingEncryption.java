package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;

/**
 * Key-encryption keys of the ring. Data keys are wrapped under a key derived for their place, so that the limit of 2^32
 * random nonces per key (NIST SP 800-38D s8.3) counts the writes of one column of one record, not of all of them.
 */
@ApplicationScoped
class RingEncryption implements KeyEncryption {

    private final KeyRing ring;
    private final Gcm gcm = new Gcm();

    RingEncryption(KeyRing ring) {
        this.ring = ring;
    }

    @Override
    public String current() {
        return ring.current();
    }

    @Override
    public byte[] wrap(String keyId, String place, byte[] dataKey) {
        return gcm.seal(ring.derived("wrap", keyId, place), Hmac.encode("wrap", keyId, place), dataKey);
    }

    @Override
    public byte[] unwrap(String keyId, String place, byte[] wrapped) {
        return Gcm.open(
                ring.derived("wrap", keyId, place), Hmac.encode("wrap", keyId, place), ByteBuffer.wrap(wrapped));
    }
}
