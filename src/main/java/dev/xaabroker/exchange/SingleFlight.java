package dev.xaabroker.exchange;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Lets concurrent callers with the same key share one call, its result and its exception (RULES D11). */
final class SingleFlight<K, V> {

    private final Map<K, FutureTask<V>> flights = new ConcurrentHashMap<>();

    /** Runs {@code call}, or waits for the one under way. {@code call} must look at the cache first: it may be a late one. */
    V fly(K key, Supplier<V> call) {
        FutureTask<V> mine = new FutureTask<>(call::get);
        FutureTask<V> theirs = flights.putIfAbsent(key, mine);
        if (theirs != null) {
            return landed(theirs);
        }
        try {
            mine.run();
        } finally {
            flights.remove(key, mine);
        }
        return landed(mine);
    }

    private V landed(FutureTask<V> flight) {
        try {
            return flight.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a peer");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
