package dev.xaabroker.session;

import dev.xaabroker.session.SealedTable.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The statements by which a rotation reads and replaces sealed values of one table. */
final class SealedRows {

    private final SealedTable table;

    SealedRows(SealedTable table) {
        this.table = table;
    }

    /** New values for a row, in the place of those it was read with. */
    record Change(Row row, Map<String, byte[]> values) {}

    /** The id of the {@code most}th row after {@code after}, or of the last one. */
    Optional<String> end(Connection connection, String after, int most) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select max(id) from (select id from " + table.table + " where id > ? order by id limit ?) slice")) {
            select.setString(1, after);
            select.setInt(2, most);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        }
    }

    /** The rows of a slice with a value that does not begin with {@code header}. */
    List<Row> stale(Connection connection, String after, String last, byte[] header) throws SQLException {
        String other = String.join(
                " or ",
                table.columns.stream()
                        .map(column -> "substring(" + column + " from 1 for " + header.length + ") <> ?")
                        .toList());
        try (PreparedStatement select = connection.prepareStatement("select id, tenant, " + table.session
                + " as of_session, " + String.join(", ", table.columns) + " from " + table.table
                + " where id > ? and id <= ? and (" + other + ") order by id")) {
            select.setString(1, after);
            select.setString(2, last);
            for (int i = 0; i < table.columns.size(); i++) {
                select.setBytes(3 + i, header);
            }
            List<Row> rows = new ArrayList<>();
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
            return rows;
        }
    }

    private Row row(ResultSet found) throws SQLException {
        Map<String, byte[]> values = new HashMap<>();
        for (String column : table.columns) {
            byte[] value = found.getBytes(column);
            if (value != null) {
                values.put(column, value);
            }
        }
        return new Row(found.getString("id"), found.getString("tenant"), found.getString("of_session"), values);
    }

    /**
     * Stores new values where the old ones still stand. Rows that somebody else holds are passed over: a rotation waits for
     * nobody, and nobody can wait for it in a circle.
     *
     * @return how many were stored
     */
    int replace(Connection connection, List<Change> changes) throws SQLException {
        Set<String> free = lock(connection, changes);
        String set = String.join(
                ", ", table.columns.stream().map(column -> column + " = ?").toList());
        String unchanged = String.join(
                " and ",
                table.columns.stream()
                        .map(column -> column + " is not distinct from ?")
                        .toList());
        int columns = table.columns.size();
        try (PreparedStatement update = connection.prepareStatement(
                "update " + table.table + " set " + set + " where id = ? and " + unchanged)) {
            for (Change change : changes) {
                if (!free.contains(change.row().id())) {
                    continue;
                }
                for (int i = 0; i < columns; i++) {
                    String column = table.columns.get(i);
                    update.setBytes(1 + i, change.values().get(column));
                    update.setBytes(2 + columns + i, change.row().values().get(column));
                }
                update.setString(1 + columns, change.row().id());
                update.addBatch();
            }
            int stored = 0;
            for (int count : free.isEmpty() ? new int[0] : update.executeBatch()) {
                stored += count;
            }
            return stored;
        }
    }

    private Set<String> lock(Connection connection, List<Change> changes) throws SQLException {
        String ids = String.join(", ", changes.stream().map(change -> "?").toList());
        try (PreparedStatement select = connection.prepareStatement(
                "select id from " + table.table + " where id in (" + ids + ") for update skip locked")) {
            for (int i = 0; i < changes.size(); i++) {
                select.setString(1 + i, changes.get(i).row().id());
            }
            Set<String> locked = new HashSet<>();
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    locked.add(found.getString(1));
                }
            }
            return locked;
        }
    }

    static boolean startsWith(byte[] value, byte[] header) {
        return value.length >= header.length && Arrays.equals(value, 0, header.length, header, 0, header.length);
    }
}
