package dev.xaabroker.session;

import dev.xaabroker.grant.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Keeps the lease of a session alive for as long as its process is at work with the IdP. A lease can then be short, for a
 * crash costs all of it, although some IdPs may take long to answer.
 */
@ApplicationScoped
class Heartbeats {

    private static final Logger LOG = Logger.getLogger(Heartbeats.class);

    private final Sql sql;
    private final SessionRows rows;
    private final Duration interval;

    Heartbeats(Sql sql, SessionRows rows, SessionsConfig config) {
        this.sql = sql;
        this.rows = rows;
        this.interval = config.lease().dividedBy(3);
    }

    /** Does {@code work} under the lease that {@code row} carries. */
    <T> T during(SessionRow row, Supplier<T> work) {
        // Not an interrupt: it would close the connection of a statement that is under way.
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().name("session-lease").start(() -> beat(row, done));
        try {
            return work.get();
        } finally {
            done.countDown();
        }
    }

    private void beat(SessionRow row, CountDownLatch done) {
        try {
            boolean ours = true;
            while (ours && !done.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                ours = extend(row);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is still worth trying: a database that is away for a moment may be back for the next beat. */
    private boolean extend(SessionRow row) {
        try {
            return sql.call(() -> rows.extend(row));
        } catch (Refusal down) {
            LOG.debugf("A lease could not be extended: the database does not answer session=%s", row.id);
            return true;
        }
    }
}
