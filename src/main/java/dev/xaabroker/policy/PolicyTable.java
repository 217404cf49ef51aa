package dev.xaabroker.policy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of the history. A row's content and first load never change; only its last load moves on. */
final class PolicyTable {

    private static final String INSERT = "insert into policy_revision (tenant, revision, content, first_loaded_at,"
            + " first_loaded_by, last_loaded_at, last_loaded_by, file) values (?, ?, ?, ?, ?, ?, ?, ?)"
            + " on conflict do nothing";
    private static final String MOVE_ON = "update policy_revision set last_loaded_at = ?, last_loaded_by = ?, file = ?"
            + " where tenant = ? and revision = ? and last_loaded_at < ?";
    private static final String NEWEST = "select revision, tenant, last_loaded_at, last_loaded_by, file"
            + " from policy_revision order by last_loaded_at desc, revision limit ?";

    private PolicyTable() {}

    /** Writing the same twice, here or on another broker, leaves one row; each statement stands by itself. */
    static void write(Connection connection, InForce loaded, String loadedBy) throws SQLException {
        Policy policy = loaded.policy();
        OffsetDateTime at = loaded.at().atOffset(ZoneOffset.UTC);
        String file = loaded.file().toString();
        int added = execute(
                connection,
                INSERT,
                policy.tenant(),
                policy.revision(),
                policy.canonical(),
                at,
                loadedBy,
                at,
                loadedBy,
                file);
        if (added == 0) {
            execute(connection, MOVE_ON, at, loadedBy, file, policy.tenant(), policy.revision(), at);
        }
    }

    static List<Revision> newest(Connection connection, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
            select.setInt(1, limit);
            ResultSet row = select.executeQuery();
            List<Revision> revisions = new ArrayList<>();
            while (row.next()) {
                Instant at =
                        row.getObject("last_loaded_at", OffsetDateTime.class).toInstant();
                revisions.add(new Revision(
                        row.getString("revision"),
                        row.getString("tenant"),
                        at,
                        row.getString("last_loaded_by"),
                        row.getString("file")));
            }
            return revisions;
        }
    }

    static Optional<String> content(Connection connection, String revision) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select content from policy_revision where revision = ?")) {
            select.setString(1, revision);
            ResultSet row = select.executeQuery();
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    private static int execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
