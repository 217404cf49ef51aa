package dev.xaabroker.state;

import java.time.Duration;
import java.time.Instant;
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

    /**
     * Since when the store remembers what it is told; later after a restart, a fail-over or a loss. Asked after a command, it
     * is never earlier than what that command met.
     */
    Instant since();

    /**
     * Takes the lease of {@code name} unless somebody holds it.
     *
     * @param life after which it ends by itself, unless it is {@linkplain #extend extended}
     */
    Optional<Lease> lease(String name, Duration life);

    /** Lets a lease live for another {@code life} from now. Returns false when it was lost. */
    boolean extend(Lease lease, Duration life);

    /** Stores while {@code lease} is held, in one atomic step. Returns false, and stores nothing, when it was lost. */
    boolean putUnder(Lease lease, String key, byte[] value, Duration timeToLive);

    /** Gives a lease back and wakes those who wait for it; a lost one is left alone. */
    void release(Lease lease);

    /** Waits until the lease of {@code name} is given back or ends, or {@code most} is over. */
    void awaitRelease(String name, Duration most);

    /**
     * The right to do something alone, in the whole fleet, for a short while.
     *
     * @param fence rises with every lease of this name, unless the store lost its memory
     * @param holder random: a store that lost its memory counts anew, and an old lease must not pass for a new one
     */
    record Lease(String name, long fence, String holder) {}
}
