package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.state.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A state that forgets nothing, and whose leases last until they are given back. */
final class MemoryState implements State {

    private final Map<String, byte[]> entries = new ConcurrentHashMap<>();
    private final Map<String, Lease> leases = new ConcurrentHashMap<>();

    /** Whether it refuses to remove anything. */
    volatile boolean down;

    int size() {
        return entries.size();
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
        entries.put(key, value);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] value, Duration timeToLive) {
        return entries.putIfAbsent(key, value) == null;
    }

    @Override
    public void remove(String key) {
        if (down) {
            throw new Failure.Unavailable("state", Duration.ofSeconds(1), "down").refusal();
        }
        entries.remove(key);
    }

    @Override
    public Optional<Lease> lease(String name, Duration life) {
        Lease lease = new Lease(name, 1, UUID.randomUUID().toString());
        return leases.putIfAbsent(name, lease) == null ? Optional.of(lease) : Optional.empty();
    }

    @Override
    public boolean extend(Lease lease, Duration life) {
        return lease.equals(leases.get(lease.name()));
    }

    @Override
    public boolean putUnder(Lease lease, String key, byte[] value, Duration timeToLive) {
        if (!extend(lease, timeToLive)) {
            return false;
        }
        entries.put(key, value);
        return true;
    }

    @Override
    public void release(Lease lease) {
        leases.remove(lease.name(), lease);
    }

    @Override
    public void awaitRelease(String name, Duration most) {
        Thread.onSpinWait();
    }

    @Override
    public java.time.Instant since() {
        return java.time.Instant.EPOCH;
    }
}
