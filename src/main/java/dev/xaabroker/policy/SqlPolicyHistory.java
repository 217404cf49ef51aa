package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.Fingerprint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * The history in SQL. A swap only leaves a note here; one thread writes it down, again and again while the database does not
 * take it, so that a policy comes into force whatever the database does.
 */
@ApplicationScoped
class SqlPolicyHistory implements PolicyHistory {

    private static final Logger LOG = Logger.getLogger(SqlPolicyHistory.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final int MOST = 1000;

    private final DataSource database;
    private final String loadedBy = Instance.name();
    /** By revision: one that comes and goes while the database is down waits once. */
    private final Map<String, InForce> waiting = new ConcurrentHashMap<>();

    private final Thread writer =
            Thread.ofPlatform().daemon().name("policy-history").unstarted(this::run);
    private volatile boolean stopping;
    private boolean failing;

    SqlPolicyHistory(DataSource database) {
        this.database = database;
    }

    /** After the store has migrated, if its database answers. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event) {
        writer.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        LockSupport.unpark(writer);
        writer.join(RETRY.plus(RETRY));
    }

    /** Has it written down, soon. */
    void remember(InForce policy) {
        waiting.put(policy.policy().revision(), policy);
        LockSupport.unpark(writer);
    }

    private void run() {
        while (!stopping) {
            writeWaiting();
            if (waiting.isEmpty()) {
                LockSupport.park();
            } else {
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
        writeWaiting();
    }

    /** Each by itself: one that the database never takes holds up no other. */
    private void writeWaiting() {
        boolean failed = false;
        for (InForce next : List.copyOf(waiting.values())) {
            failed |= !write(next);
        }
        failing = failed;
    }

    private boolean write(InForce policy) {
        try (Connection connection = database.getConnection()) {
            PolicyTable.write(connection, policy, loadedBy);
            waiting.remove(policy.policy().revision(), policy);
            return true;
        } catch (SQLException | RuntimeException failure) {
            if (!failing) {
                LOG.warnf(
                        "the policy's history cannot be written; trying again every %d s revision=%s error=%s sql_state=%s",
                        RETRY.toSeconds(),
                        policy.policy().revision(),
                        failure.getClass().getSimpleName(),
                        failure instanceof SQLException sql ? sql.getSQLState() : "none");
            }
            LOG.debug("the policy's history cannot be written", failure);
            return false;
        }
    }

    @Override
    public List<Revision> revisions(int limit) {
        return read(connection -> PolicyTable.newest(connection, Math.clamp(limit, 1, MOST)));
    }

    @Override
    public Optional<String> content(String revision) {
        Optional<String> content = read(connection -> PolicyTable.content(connection, revision));
        return content.filter(found -> {
            boolean genuine = Fingerprint.sha256(found).equals(revision);
            if (!genuine) {
                LOG.errorf(
                        "the stored content of a policy is not what was loaded: it was changed in the database"
                                + " revision=%s",
                        revision);
            }
            return genuine;
        });
    }

    private interface Reading<T> {
        T from(Connection connection) throws SQLException;
    }

    private <T> T read(Reading<T> reading) {
        try (Connection connection = database.getConnection()) {
            return reading.from(connection);
        } catch (SQLException failure) {
            LOG.debug("the policy's history cannot be read", failure);
            throw unavailable(failure.getSQLState());
        }
    }

    private static Refusal unavailable(String state) {
        return new Failure.Unavailable("store", RETRY, "the database failed, SQL state " + state).refusal();
    }
}
