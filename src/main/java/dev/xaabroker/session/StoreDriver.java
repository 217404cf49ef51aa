package dev.xaabroker.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Opens PostgreSQL, or H2 in its PostgreSQL mode when the URL is {@code jdbc:xaa-embedded:FOLDER}.
 *
 * <p>Quarkus fixes the kind of a datasource when it builds, and ties each entity to one persistence unit; the database is
 * chosen here, so that one artefact, one set of entities and one migration serve both.
 */
public final class StoreDriver implements Driver {

    /** The URL scheme of the embedded database. */
    static final String EMBEDDED = "jdbc:xaa-embedded:";

    /** H2 by a URL of the operator's own. */
    private static final String H2 = "jdbc:h2:";

    /** The SQL state of a failure to open the embedded database: it does not pass by waiting. */
    static final String EMBEDDED_FAILURE = "XAA01";

    private static final org.jboss.logging.Logger LOG = org.jboss.logging.Logger.getLogger(StoreDriver.class);

    /** Commits reach the file before they return, and the pool's last connection closes it, not a shutdown hook. */
    private static final String SETTINGS = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=2000";

    private final Driver postgres = new org.postgresql.Driver();
    private final Driver h2 = new org.h2.Driver();
    private final AtomicBoolean announced = new AtomicBoolean();

    @Override
    public @Nullable Connection connect(String url, Properties properties) throws SQLException {
        if (url.startsWith(EMBEDDED)) {
            return embedded(Path.of(url.substring(EMBEDDED.length())).toAbsolutePath());
        }
        return url.startsWith(H2) ? h2.connect(url, credentials(properties)) : postgres.connect(url, properties);
    }

    /** H2 refuses settings that it does not know, such as PostgreSQL's time-outs. */
    private static Properties credentials(Properties all) {
        Properties credentials = new Properties();
        for (String name : new String[] {"user", "password"}) {
            credentials.setProperty(name, all.getProperty(name, ""));
        }
        return credentials;
    }

    private @Nullable Connection embedded(Path folder) throws SQLException {
        makePrivate(folder);
        try {
            Connection connection = h2.connect("jdbc:h2:file:" + folder.resolve("broker") + SETTINGS, new Properties());
            if (announced.compareAndSet(false, true)) {
                LOG.warnf(
                        "EMBEDDED MODE: sessions and ledger are in a file of this machine; one node only; set "
                                + "quarkus.datasource.jdbc.url to use PostgreSQL folder=%s",
                        folder);
            }
            return connection;
        } catch (SQLException failure) {
            throw new SQLException(sentence(folder, failure), EMBEDDED_FAILURE, failure);
        }
    }

    private static String sentence(Path folder, SQLException failure) {
        return failure.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                ? "another broker is using the embedded database in " + folder
                        + "; embedded mode serves one node: stop the other one, or configure PostgreSQL"
                : "the embedded database in " + folder + " does not open: H2 error " + failure.getErrorCode();
    }

    private static void makePrivate(Path folder) throws SQLException {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
                    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
        } catch (IOException failure) {
            throw new SQLException(
                    "the folder of the embedded database cannot be made: " + folder, EMBEDDED_FAILURE, failure);
        }
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return url.startsWith(EMBEDDED) || url.startsWith(H2) || postgres.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }
}
