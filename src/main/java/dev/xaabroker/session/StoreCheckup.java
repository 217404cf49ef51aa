package dev.xaabroker.session;

import dev.xaabroker.grant.Check;
import dev.xaabroker.keys.KeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the database of a broker, outside the application: that it answers, and that this broker can work with it. */
public final class StoreCheckup {

    /** The last migration under {@code db/migration}; a test compares the two. */
    static final int SCHEMA = 11;

    private static final Duration APART = Duration.ofSeconds(2);
    /** No such table: PostgreSQL, and H2's two. */
    private static final List<String> NO_TABLE = List.of("42P01", "42S02", "42S04");

    private StoreCheckup() {}

    /**
     * @param ring the broker's own; absent when it cannot be read
     * @param skew how far clocks may differ
     */
    public static List<Check> of(StoreAddress address, Optional<KeyRing> ring, Clock clock, Duration skew) {
        if (address.isEmbedded() && !Files.exists(Path.of(address.place()).resolve("broker.mv.db"))) {
            return List.of(Check.ok("database", "embedded, made at the first start in " + address.place()));
        }
        try (Connection connection = address.connect()) {
            List<Check> checks = new ArrayList<>();
            checks.add(Check.ok("database", address.place()));
            checks.add(clock(connection, clock, skew));
            Check schema = schema(connection);
            checks.add(schema);
            if (schema.verdict() == Check.Verdict.OK) {
                checks.add(keys(connection, ring));
            }
            return checks;
        } catch (SQLException failure) {
            return List.of(why(address, failure));
        }
    }

    private static Check why(StoreAddress address, SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (state.equals(StoreDriver.EMBEDDED_FAILURE)) {
            String said = String.valueOf(failure.getMessage());
            return said.startsWith("another broker")
                    ? Check.ok(
                            "database",
                            address.place() + ", in use by a running broker, which embedded mode allows once")
                    : Check.fault(
                            "database", said, "restore the folder from a backup, or give the broker an empty one");
        }
        String found = address.place() + " refuses us, SQL state " + state;
        return switch (state.length() == 5 ? state.substring(0, 2) : "") {
            case "28" ->
                Check.fault(
                        "database",
                        found,
                        "check quarkus.datasource.username and quarkus.datasource.password against the database");
            case "3D" -> Check.fault("database", found, "create that database, or correct quarkus.datasource.jdbc.url");
            case "42" -> Check.fault("database", found, "grant that user what it needs: it owns the broker's tables");
            default ->
                Check.fault(
                        "database",
                        address.place() + " does not answer, SQL state " + state,
                        "see that PostgreSQL runs and can be reached from here; its address is"
                                + " quarkus.datasource.jdbc.url");
        };
    }

    private static Check clock(Connection connection, Clock clock, Duration skew) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_timestamp")) {
            row.next();
            Instant theirs = row.getObject(1, OffsetDateTime.class).toInstant();
            Duration apart = Duration.between(clock.instant(), theirs);
            return clock(apart, skew);
        }
    }

    /** @param ahead how far the other clock is ahead of ours */
    static Check clock(Duration ahead, Duration skew) {
        if (ahead.abs().compareTo(APART) <= 0) {
            return Check.ok("clock", "as ours");
        }
        String found = "its clock is " + ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                + " ours";
        String fix = "set both clocks by NTP";
        return ahead.abs().compareTo(skew) > 0 ? Check.fault("clock", found, fix) : Check.warning("clock", found, fix);
    }

    private static Check schema(Connection connection) throws SQLException {
        int last = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select version from flyway_schema_history where success and version is not null")) {
            while (row.next()) {
                String version = row.getString(1);
                last = Math.max(last, version.matches("[0-9]{1,9}") ? Integer.parseInt(version) : 0);
            }
        } catch (SQLException failure) {
            if (NO_TABLE.contains(failure.getSQLState())) {
                return Check.warning("schema", "it holds no tables yet", "start a broker: the first start makes them");
            }
            throw failure;
        }
        String found = "it stands at V" + last + ", this program knows V" + SCHEMA;
        if (last == SCHEMA) {
            return Check.ok("schema", "V" + last);
        }
        return last < SCHEMA
                ? Check.fault("schema", found, "start one broker of this version: it migrates before it serves")
                : Check.fault("schema", found, "a newer broker has migrated it: run that version, here too");
    }

    private static Check keys(Connection connection, Optional<KeyRing> ring) throws SQLException {
        if (ring.isEmpty()) {
            return Check.skipped("keys of the database", "there is no key ring to compare with");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select check_value from key_check where id = 1")) {
            if (!row.next()) {
                return Check.ok("keys of the database", "none yet: the first start notes them");
            }
            return row.getString(1).equals(ring.get().checkValue())
                    ? Check.ok("keys of the database", "written with this key ring")
                    : Check.fault(
                            "keys of the database",
                            "it was written with another key ring",
                            "give the broker the key file that belongs to it (xaa.keys.file), or an empty database");
        }
    }
}
