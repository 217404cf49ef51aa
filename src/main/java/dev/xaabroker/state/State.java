package dev.xaabroker.state;

import java.time.Duration;
import java.util.Optional;

/**
 * A small fast store of bytes with expiry, shared by all replicas: Redis, or this process. Keys are keyed hashes and
 * values are sealed before they come here.
 *
 * <p>Every method throws Refusal(Unavailable "state") when the store does not answer in time: fail closed (RULES F9).
 */
public interface State {

    Optional<byte[]> get(String key);

    void put(String key, byte[] value, Duration timeToLive);

    /** Stores unless the key is there, in one atomic step. Returns whether it was stored. */
    boolean putIfAbsent(String key, byte[] value, Duration timeToLive);

    void remove(String key);
}
