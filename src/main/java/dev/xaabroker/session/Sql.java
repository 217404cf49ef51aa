package dev.xaabroker.session;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.WaitingLine;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;

/** Runs one piece of work in one transaction, and says in the house's words what became of it. */
@ApplicationScoped
class Sql {

    private static final Logger LOG = Logger.getLogger(Sql.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final String UNIQUE_VIOLATION = "23505";

    private final StoreStart start;
    private final WaitingLine line;

    Sql(StoreStart start, SessionsConfig config) {
        this.start = start;
        this.line =
                new WaitingLine(config.statements(), config.patience(), cause -> unavailable("the database: " + cause));
    }

    /**
     * Commits what {@code work} did before it returns.
     *
     * @throws Raced when a unique key was stored by another transaction meanwhile
     * @throws Refusal Unavailable "store" when the database does not answer, or what {@code work} throws
     */
    <T> T call(Callable<T> work) {
        if (!start.isOpen()) {
            throw unavailable("the database is not open yet");
        }
        try {
            return line.inTurn(() -> QuarkusTransaction.requiringNew().call(work), Sql::isSilence);
        } catch (Refusal refusal) {
            throw refusal;
        } catch (RuntimeException failure) {
            Optional<String> state = state(failure);
            if (state.filter(UNIQUE_VIOLATION::equals).isPresent()) {
                throw new Raced();
            }
            LOG.warnf(
                    "The database failed error=%s sql_state=%s",
                    failure.getClass().getSimpleName(), state.orElse("none"));
            LOG.debug("The database failed", failure);
            throw unavailable("the database failed, SQL state " + state.orElse("none"));
        }
    }

    /** A refusal, or a key that was there already, is an answer. */
    private static boolean isSilence(RuntimeException failure) {
        return !(failure instanceof Refusal)
                && state(failure).filter(UNIQUE_VIOLATION::equals).isEmpty();
    }

    /** The refusal of everything that needs the database. */
    static Refusal unavailable(String detail) {
        return new Failure.Unavailable("store", RETRY_AFTER, detail).refusal();
    }

    /** The first SQL state among the causes. The messages beside it may quote data and are not shown. */
    static Optional<String> state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }
}
