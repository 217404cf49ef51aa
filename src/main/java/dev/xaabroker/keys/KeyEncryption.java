package dev.xaabroker.keys;

/**
 * Wraps the data keys of records under key-encryption keys: the place where a key management service can stand. The ring
 * of the key file is the one there is.
 *
 * <p>A call may block, on a virtual thread, and must end in bounded time; a service that does not answer is
 * {@code Refusal(Unavailable "keys")}, and the request that needed it a 503. An id, once given out, always names the same
 * key. Both calls bind {@code place}: as additional authenticated data, or a service's encryption context.
 */
public interface KeyEncryption {

    /** The id of the key that new data keys are wrapped under: 1 to 32 letters, digits, "-" or "_". */
    String current();

    /**
     * Wraps a data key.
     *
     * @param place the one place it may be unwrapped for
     * @return at most 65,535 bytes
     */
    byte[] wrap(String keyId, String place, byte[] dataKey);

    /**
     * Unwraps what {@link #wrap} made for the same key and place.
     *
     * @throws SealBroken when it was altered or moved, or there is no such key
     */
    byte[] unwrap(String keyId, String place, byte[] wrapped);
}
