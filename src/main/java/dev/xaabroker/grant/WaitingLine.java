package dev.xaabroker.grant;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The line before a store. A rush of requests waits here, first come first served, and not for a connection of the store's
 * pool, where waiting long must mean that the store is down. Whoever waits is sent away as soon as the store stops answering
 * those before them.
 */
public final class WaitingLine {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Semaphore places;
    private final long patience;
    private final Function<String, RuntimeException> unavailable;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong silences = new AtomicLong();

    /**
     * A line of its own.
     *
     * @param places how many may use the store at once
     * @param patience how long anybody waits, however well it answers
     * @param unavailable what to throw instead of going on waiting, given the cause
     */
    public WaitingLine(int places, Duration patience, Function<String, RuntimeException> unavailable) {
        this.places = new Semaphore(places, true);
        this.patience = patience.toNanos();
        this.unavailable = unavailable;
    }

    /**
     * Waits for a turn and does the work.
     *
     * @param silence which failures of the work mean that the store did not answer
     */
    public <T> T inTurn(Supplier<T> work, Predicate<RuntimeException> silence) {
        await();
        boolean silent = false;
        try {
            return work.get();
        } catch (RuntimeException failure) {
            silent = silence.test(failure);
            throw failure;
        } finally {
            (silent ? silences : answers).incrementAndGet();
            places.release();
        }
    }

    private void await() {
        long began = System.nanoTime();
        long answered = answers.get();
        long silent = silences.get();
        try {
            while (!places.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (silences.get() > silent && answers.get() == answered) {
                    throw unavailable.apply("it does not answer those before");
                }
                if (System.nanoTime() - began > patience) {
                    throw unavailable.apply("too many requests are waiting for it");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable.apply("interrupted while waiting for it");
        }
    }
}
