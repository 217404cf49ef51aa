package dev.xaabroker.session;

import dev.xaabroker.keys.Sealer;
import dev.xaabroker.session.SealedStore.Census;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Counts records by key from what the sealed values themselves begin with, a slice of the table at a time, so that no
 * statement runs long however large the table is.
 */
final class SealedCount {

    private static final int SLICE = 10_000;

    private final SealedTable table;
    private final String current;
    private final List<String> keys;
    private final long[] byKey;
    private long records;
    private long elsewhere;
    private long stale;

    private SealedCount(SealedTable table, String current, List<String> keys) {
        this.table = table;
        this.current = current;
        this.keys = keys;
        this.byKey = new long[keys.size()];
    }

    /** A piece of work with a connection of its own. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Who gives out connections: one for each slice. */
    interface Connections {
        <T> T use(Work<T> work);
    }

    static Census of(Connections database, String current, List<String> keys) {
        Map<String, Long> byKey = new LinkedHashMap<>();
        keys.forEach(key -> byKey.put(key, 0L));
        long records = 0;
        long elsewhere = 0;
        long stale = 0;
        for (SealedTable table : SealedTable.values()) {
            SealedCount count = new SealedCount(table, current, keys);
            Optional<String> last = Optional.of("");
            while (last.isPresent()) {
                String after = last.get();
                last = database.use(connection -> count.slice(connection, after));
            }
            for (int i = 0; i < keys.size(); i++) {
                byKey.merge(keys.get(i), count.byKey[i], Long::sum);
            }
            records += count.records;
            elsewhere += count.elsewhere;
            stale += count.stale;
        }
        return new Census(records, byKey, elsewhere, stale);
    }

    /** Counts one slice and returns its last id, unless it was the last slice. */
    private Optional<String> slice(Connection connection, String after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(statement())) {
            int next = bind(select);
            select.setString(next, after);
            select.setInt(next + 1, SLICE);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                records += row.getLong("records");
                stale += row.getLong("stale");
                elsewhere += row.getLong("elsewhere");
                for (int i = 0; i < byKey.length; i++) {
                    byKey[i] += row.getLong("key_" + i);
                }
                return row.getLong("looked") < SLICE ? Optional.empty() : Optional.of(row.getString("last_id"));
            }
        }
    }

    private String statement() {
        StringJoiner counts = new StringJoiner(", ");
        counts.add("max(id) as last_id").add("count(*) as looked");
        counts.add(counted(any(" is not null")) + " as records");
        counts.add(counted(any(
                        " is not null and " + "substring(%s from 1 for " + Sealer.header(current).length + ") <> ?"))
                + " as stale");
        counts.add(counted(any(" is not null and not ("
                        + String.join(
                                " or ",
                                keys.stream()
                                        .map(key -> "substring(%s from 2 for " + (key.length() + 1) + ") = ?")
                                        .toList())
                        + ")"))
                + " as elsewhere");
        for (int i = 0; i < keys.size(); i++) {
            counts.add(counted(any(" is not null and substring(%s from 2 for "
                            + (keys.get(i).length() + 1) + ") = ?")) + " as key_" + i);
        }
        return "select " + counts + " from (select id, " + String.join(", ", table.columns) + " from " + table.table
                + " where id > ? order by id limit ?) slice";
    }

    /** True when one of the columns is as {@code condition} says. */
    private String any(String condition) {
        return String.join(
                " or ",
                table.columns.stream()
                        .map(column -> "(" + column + condition.replace("%s", column) + ")")
                        .toList());
    }

    private static String counted(String condition) {
        return "count(case when " + condition + " then 1 end)";
    }

    private int bind(PreparedStatement select) throws SQLException {
        int next = 1;
        for (int i = 0; i < table.columns.size(); i++) {
            select.setBytes(next++, Sealer.header(current));
        }
        for (int i = 0; i < table.columns.size(); i++) {
            for (String key : keys) {
                select.setBytes(next++, mark(key));
            }
        }
        for (String key : keys) {
            for (int i = 0; i < table.columns.size(); i++) {
                select.setBytes(next++, mark(key));
            }
        }
        return next;
    }

    /** Length and id of the key, as they stand in a sealed value of any version. */
    private static byte[] mark(String key) {
        byte[] header = Sealer.header(key);
        return Arrays.copyOfRange(header, 1, header.length);
    }
}
