package dev.xaabroker.state;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.xaabroker.state.State.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Leases among the requests of one process, with the same promises as those in Redis. */
final class InProcessLeases {

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<String, Held> held = new HashMap<>();
    private long fences;

    InProcessLeases(Ticker ticker) {
        this.ticker = ticker;
    }

    private record Held(Lease lease, long until) {}

    Optional<Lease> take(String name, Duration life) {
        lock.lock();
        try {
            if (current(name) != null) {
                return Optional.empty();
            }
            Lease lease = new Lease(name, ++fences, "");
            held.put(name, new Held(lease, ticker.read() + life.toNanos()));
            return Optional.of(lease);
        } finally {
            lock.unlock();
        }
    }

    boolean extend(Lease lease, Duration life) {
        return whileHeld(lease, () -> held.put(lease.name(), new Held(lease, ticker.read() + life.toNanos())));
    }

    /** Runs {@code action} unless the lease was lost. */
    boolean whileHeld(Lease lease, Runnable action) {
        lock.lock();
        try {
            if (!lease.equals(current(lease.name()))) {
                return false;
            }
            action.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void release(Lease lease) {
        boolean unused = whileHeld(lease, () -> {
            held.remove(lease.name());
            released.signalAll();
        });
    }

    void await(String name, Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (left > 0 && current(name) != null) {
                left = released.awaitNanos(Math.min(left, untilEnd(name)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private long untilEnd(String name) {
        Held now = held.get(name);
        return now == null ? 0 : Math.max(TimeUnit.MILLISECONDS.toNanos(1), now.until() - ticker.read());
    }

    private @Nullable Lease current(String name) {
        Held now = held.get(name);
        if (now != null && ticker.read() - now.until() >= 0) {
            held.remove(name);
            return null;
        }
        return now == null ? null : now.lease();
    }
}
