package dev.xaabroker.session;

import dev.xaabroker.grant.Secret;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where a broker's database is, for a command that runs outside the application. */
public record StoreAddress(String url, Optional<String> user, Optional<Secret> password) {

    private static final String PATIENCE_SECONDS = "3";

    @Override
    public String toString() {
        return "StoreAddress[" + place() + "]";
    }

    /** Whether it is a file of this machine, which serves one broker. */
    public boolean isEmbedded() {
        return url.startsWith(StoreDriver.EMBEDDED);
    }

    /** Without the parameters, which may hold a password. */
    public String place() {
        String bare = isEmbedded() ? url.substring(StoreDriver.EMBEDDED.length()) : url;
        return bare.split("[?;]", 2)[0].replaceFirst("//[^/@]*@", "//");
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        user.ifPresent(name -> properties.setProperty("user", name));
        password.ifPresent(secret -> properties.setProperty("password", secret.reveal()));
        properties.setProperty("loginTimeout", PATIENCE_SECONDS);
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("ApplicationName", "xaa");
        Connection connection = new StoreDriver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("no driver takes this URL: quarkus.datasource.jdbc.url", "08001");
        }
        return connection;
    }

    /** A connection of its own each time: for the few that a command opens. */
    public DataSource dataSource() {
        return new Unpooled(this);
    }

    private record Unpooled(StoreAddress address) implements DataSource {

        @Override
        public Connection getConnection() throws SQLException {
            return address.connect();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("wraps nothing");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
