package dev.xaabroker.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy.VarExpiration;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.xaabroker.grant.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The state of one node, in its own memory; expiry follows a monotonic clock. */
final class InProcessState implements State {

    private final Cache<String, byte[]> entries;
    private final VarExpiration<String, byte[]> expiring;
    private final InProcessLeases leases;
    private final int most;
    private final Instant since;

    InProcessState(int most, Ticker ticker, Instant since) {
        this.most = most;
        this.since = since;
        this.leases = new InProcessLeases(ticker);
        this.entries = Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, byte[]>creating((key, value) -> Duration.ZERO))
                .build();
        this.expiring = entries.policy().expireVariably().orElseThrow();
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(entries.getIfPresent(key)).map(byte[]::clone);
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
        makeRoom(key);
        var unused = expiring.put(key, value.clone(), timeToLive);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] value, Duration timeToLive) {
        makeRoom(key);
        return expiring.putIfAbsent(key, value.clone(), timeToLive) == null;
    }

    @Override
    public void remove(String key) {
        entries.invalidate(key);
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public Optional<Lease> lease(String name, Duration life) {
        return leases.take(name, life);
    }

    @Override
    public boolean extend(Lease lease, Duration life) {
        return leases.extend(lease, life);
    }

    @Override
    public boolean putUnder(Lease lease, String key, byte[] value, Duration timeToLive) {
        return leases.whileHeld(lease, () -> put(key, value, timeToLive));
    }

    @Override
    public void release(Lease lease) {
        leases.release(lease);
    }

    @Override
    public void awaitRelease(String name, Duration most) {
        leases.await(name, most);
    }

    /** A full store refuses: dropping an entry could drop a replay mark (as {@code noeviction} does in Redis). */
    private void makeRoom(String key) {
        if (entries.estimatedSize() < most || entries.getIfPresent(key) != null) {
            return;
        }
        entries.cleanUp();
        if (entries.estimatedSize() >= most) {
            throw new Failure.Unavailable("state", Duration.ofSeconds(2), "the in-process store is full").refusal();
        }
    }
}
