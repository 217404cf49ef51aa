package dev.xaabroker.session;

import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.session.SealedCount.Work;
import dev.xaabroker.session.SealingKeys.MissingKeys;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the database at start: migrates it, or waits until somebody else has, and makes sure that it was written with our key ring. A PostgreSQL that is
 * down is tried again until it answers; until then every use of the store is refused. What does not pass by waiting (a
 * foreign key ring, a second node on an embedded database, wrong credentials) stops the start.
 */
@ApplicationScoped
class StoreStart {

    private static final Logger LOG = Logger.getLogger(StoreStart.class);
    private static final long RETRY_MILLIS = 1000;

    /** Wrong credentials, no such database, no right to use it. */
    private static final Set<String> LASTING_CLASSES = Set.of("28", "3D", "42");

    private final Flyway flyway;
    private final DataSource database;
    private final KeyRing keys;
    private final StoreConfig config;
    private volatile boolean open;
    private volatile boolean stopped;

    StoreStart(Flyway flyway, DataSource database, KeyRing keys, StoreConfig config) {
        this.flyway = flyway;
        this.database = database;
        this.keys = keys;
        this.config = config;
    }

    void onStart(@Observes StartupEvent event) {
        try {
            open();
        } catch (RuntimeException failure) {
            lasting(failure).ifPresent(sentence -> {
                throw new IllegalStateException(sentence);
            });
            LOG.warnf(
                    "%s; trying again every second sql_state=%s",
                    passing(failure), Sql.state(failure).orElse("none"));
            Thread.ofPlatform().daemon().name("store-start").start(this::openLater);
        }
    }

    void onStop(@Observes io.quarkus.runtime.ShutdownEvent event) {
        stopped = true;
    }

    /** Whether the store may be used. */
    boolean isOpen() {
        return open;
    }

    private void openLater() {
        while (!open && !stopped) {
            try {
                Thread.sleep(RETRY_MILLIS);
                open();
                LOG.info("The database is ready now");
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException failure) {
                Optional<String> sentence = lasting(failure);
                if (sentence.isPresent()) {
                    LOG.fatal(sentence.get());
                    Quarkus.asyncExit(1);
                    return;
                }
                LOG.debug("The database is not ready yet", failure);
            }
        }
    }

    private void open() {
        if (config.migrate()) {
            flyway.migrate();
        } else if (flyway.info().pending().length > 0) {
            throw new TablesBehind();
        }
        checkKeys();
        open = true;
    }

    private static String passing(RuntimeException failure) {
        return failure instanceof TablesBehind ? TablesBehind.WORDS : "The database does not answer";
    }

    /** The ring must be this database's, and open everything in it. */
    private void checkKeys() {
        try (Connection connection = database.getConnection()) {
            String ours = keys.checkValue();
            String stored = stored(connection);
            if (stored == null) {
                remember(connection, ours);
                stored = stored(connection);
            }
            if (!ours.equals(stored)) {
                throw new ForeignKeyRing();
            }
            new SealingKeys(this::use).check(keys);
        } catch (SQLException failure) {
            throw new IllegalStateException("the key check failed", failure);
        }
    }

    private <T> T use(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            return work.with(connection);
        } catch (SQLException failure) {
            throw new IllegalStateException("the key check failed", failure);
        }
    }

    private static @Nullable String stored(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select check_value from key_check where id = 1");
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Keeps the first value: of two brokers that start at once on an empty database, one finds the other's. */
    private static void remember(Connection connection, String value) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into key_check (id, check_value) values (1, ?) on conflict do nothing")) {
            insert.setString(1, value);
            insert.executeUpdate();
        }
    }

    /** The sentence to stop with, unless the failure may pass by waiting: only the database's own may. */
    private static Optional<String> lasting(Throwable failure) {
        if (failure instanceof TablesBehind) {
            return Optional.empty();
        }
        boolean ofTheDatabase = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean embedded =
                    cause instanceof SQLException sql && StoreDriver.EMBEDDED_FAILURE.equals(sql.getSQLState());
            ofTheDatabase |= cause instanceof SQLException;
            if (embedded || cause instanceof ForeignKeyRing || cause instanceof MissingKeys) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        if (!ofTheDatabase) {
            return Optional.of("the database cannot be prepared: " + failure.getMessage());
        }
        return Sql.state(failure)
                .filter(state -> state.length() == 5 && LASTING_CLASSES.contains(state.substring(0, 2)))
                .map(state -> "the database refuses us, SQL state " + state
                        + ": check quarkus.datasource.jdbc.url, username and password");
    }

    /** The tables are of an earlier version, or not there yet, and somebody else brings them up to date. */
    private static final class TablesBehind extends RuntimeException {

        private static final long serialVersionUID = 1L;

        static final String WORDS =
                "The database's tables are older than this broker, which waits for the migration (xaa.store.migrate=false)";

        TablesBehind() {
            super(WORDS, null, false, false);
        }
    }

    /** The database was written with another key ring. */
    private static final class ForeignKeyRing extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ForeignKeyRing() {
            super(
                    "This database was written with another key ring: give the broker the key file that belongs to it "
                            + "(xaa.keys.file), or an empty database.",
                    null,
                    false,
                    false);
        }
    }
}
