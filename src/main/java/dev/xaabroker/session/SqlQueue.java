package dev.xaabroker.session;

import dev.xaabroker.grant.Refusal;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The line before the database. A rush of requests waits here, first come first served, and not for a connection of the
 * pool, where waiting long must mean that the database is down; the ledger's own connection stays free. Whoever waits is
 * sent away as soon as the database stops answering those before them.
 */
final class SqlQueue {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Semaphore places;
    private final long patience;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong silences = new AtomicLong();

    SqlQueue(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience.toNanos();
    }

    /**
     * Waits for a turn.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when it takes too long, or the database stopped answering
     */
    Turn turn() {
        long began = System.nanoTime();
        long answered = answers.get();
        long silent = silences.get();
        try {
            while (!places.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (silences.get() > silent && answers.get() == answered) {
                    throw Sql.unavailable("the database does not answer those before");
                }
                if (System.nanoTime() - began > patience) {
                    throw Sql.unavailable("too many requests are waiting for the database");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Sql.unavailable("interrupted while waiting for the database");
        }
        return new Turn();
    }

    /** One use of the database. */
    final class Turn implements AutoCloseable {

        private boolean silent;

        <T> T use(Supplier<T> work) {
            try {
                return work.get();
            } catch (RuntimeException failure) {
                silent = !(failure instanceof Refusal)
                        && Sql.state(failure)
                                .filter(Sql.UNIQUE_VIOLATION::equals)
                                .isEmpty();
                throw failure;
            }
        }

        @Override
        public void close() {
            (silent ? silences : answers).incrementAndGet();
            places.release();
        }
    }
}
