package dev.xaabroker.ledger;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.LedgerSigner;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * The ledger in SQL. One thread writes: it takes what has gathered while the last commit ran, and commits it as one link of
 * the chain. An entry whose caller gave up waiting may still be written; the ledger then says more than was handed out,
 * never less.
 */
@ApplicationScoped
class SqlLedger implements Ledger {

    private static final Logger LOG = Logger.getLogger(SqlLedger.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final long TICK_MILLIS = 200;

    private final LedgerConfig config;
    private final Clock clock;
    private final Chain chain;
    private final Checkpoints checkpoints;
    private final LedgerMetrics metrics;
    private final ArrayBlockingQueue<Waiting> queue;
    private final AtomicLong count = new AtomicLong();
    private final Thread writer = Thread.ofPlatform().daemon().name("ledger").unstarted(this::run);
    private volatile boolean stopping;
    private long nextCheckpoint;

    SqlLedger(LedgerConfig config, DataSource database, LedgerSigner signer, LedgerMetrics metrics, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.chain = new Chain(database, clock);
        this.checkpoints = new Checkpoints(database, signer, clock);
        this.metrics = metrics;
        this.queue = new ArrayBlockingQueue<>(config.queue());
    }

    void start(@Observes StartupEvent event) {
        nextCheckpoint = System.nanoTime() + config.checkpointEvery().toNanos();
        metrics.waiting(queue);
        writer.start();
    }

    /** Writes what still waits, and signs the end. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        writer.join(config.timeout().plus(config.timeout()));
    }

    @Override
    public void append(Entry entry) {
        long began = System.nanoTime();
        try {
            write(entry);
            metrics.written(entry, since(began));
        } catch (Refusal unwritten) {
            metrics.failed(since(began));
            throw unwritten;
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void write(Entry entry) {
        Waiting waiting = new Waiting(Line.of(id(), entry), new CompletableFuture<>());
        if (stopping || !queue.offer(waiting)) {
            throw unavailable(stopping ? "the broker is stopping" : "too many entries are waiting to be written");
        }
        try {
            waiting.done.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw unavailable("the entry could not be written");
        } catch (TimeoutException late) {
            waiting.done.cancel(false);
            throw unavailable("the entry was not written in time");
        } catch (InterruptedException interrupted) {
            waiting.done.cancel(false);
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while the entry was being written");
        }
    }

    private void run() {
        while (!stopping || !queue.isEmpty()) {
            try {
                commit(queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS));
                if (System.nanoTime() - nextCheckpoint >= 0) {
                    nextCheckpoint += config.checkpointEvery().toNanos();
                    checkpoint();
                }
            } catch (InterruptedException stop) {
                stopping = true;
            }
        }
        checkpoint();
    }

    private void commit(@org.jspecify.annotations.Nullable Waiting first) {
        if (first == null) {
            return;
        }
        List<Waiting> batch = new ArrayList<>();
        batch.add(first);
        queue.drainTo(batch, config.batch() - 1);
        batch.removeIf(waiting -> waiting.done.isDone());
        if (batch.isEmpty()) {
            return;
        }
        try {
            chain.commit(batch.stream().map(Waiting::line).toList());
            batch.forEach(waiting -> waiting.done.complete(null));
        } catch (SQLException | RuntimeException failure) {
            LOG.errorf(
                    "The ledger could not be written entries=%d error=%s sql_state=%s",
                    batch.size(),
                    failure.getClass().getSimpleName(),
                    failure instanceof SQLException sql ? sql.getSQLState() : "none");
            LOG.debug("The ledger could not be written", failure);
            batch.forEach(waiting -> waiting.done.completeExceptionally(failure));
        }
    }

    private void checkpoint() {
        try {
            checkpoints.write();
        } catch (SQLException | RuntimeException failure) {
            LOG.warnf(
                    "No ledger checkpoint this time error=%s",
                    failure.getClass().getSimpleName());
            LOG.debug("No ledger checkpoint this time", failure);
        }
    }

    /** Sorts by the time of its making, and by order within a millisecond. */
    private String id() {
        return "%012x%010x".formatted(clock.millis(), count.incrementAndGet());
    }

    private static Refusal unavailable(String detail) {
        return new Failure.Unavailable("ledger", RETRY_AFTER, detail).refusal();
    }

    private record Waiting(Line line, CompletableFuture<Void> done) {}
}
