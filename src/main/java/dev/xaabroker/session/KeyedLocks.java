package dev.xaabroker.session;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One lock per key, for as long as somebody holds it or waits for it: as many as there are callers, never more. */
final class KeyedLocks {

    private final ConcurrentHashMap<String, Counted> locks = new ConcurrentHashMap<>();

    /**
     * Runs {@code work} while nobody else runs under the same key.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when the lock is not free within {@code patience}
     */
    <T> T with(String key, Duration patience, Supplier<T> work) {
        Counted counted = locks.compute(key, (k, known) -> {
            Counted lock = known == null ? new Counted() : known;
            lock.callers++;
            return lock;
        });
        try {
            if (!counted.lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Sql.unavailable("another request held this session for " + patience.toSeconds() + " s");
            }
            try {
                return work.get();
            } finally {
                counted.lock.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Sql.unavailable("interrupted while waiting for another request");
        } finally {
            locks.computeIfPresent(key, (k, lock) -> --lock.callers == 0 ? null : lock);
        }
    }

    /** How many keys are in use. */
    int size() {
        return locks.size();
    }

    private static final class Counted {
        private final ReentrantLock lock = new ReentrantLock();
        /** Changed only inside the map's atomic operations on its key. */
        private int callers;
    }
}
