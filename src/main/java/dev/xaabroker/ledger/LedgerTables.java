package dev.xaabroker.ledger;

import dev.xaabroker.grant.User;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ledger's tables. Insert and select only: nothing in the broker changes or deletes a line. */
final class LedgerTables {

    private static final String INSERT_ENTRY =
            "insert into ledger_entry (writer, seq, place, id, at, request_id, tenant,"
                    + " user_id, client, server, session_id, rule, revision, asked, granted, decision, reason, cache, leg1_ms,"
                    + " leg2_ms, peer_error, id_jag_id_hash, token_fingerprint, weaker, detail)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private LedgerTables() {}

    /** Adds a link and its entries to the open transaction. */
    static void insert(Connection connection, Link link, List<Line> lines) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ENTRY)) {
            for (int place = 0; place < lines.size(); place++) {
                bind(insert, link, place, lines.get(place));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        execute(
                connection,
                "insert into ledger_link (writer, seq, previous, hash, entries, committed_at) values (?, ?, ?, ?, ?, ?)",
                link.writer(),
                link.seq(),
                link.previous(),
                link.hash(),
                link.entries(),
                utc(link.committedAt()));
    }

    static void insert(Connection connection, Checkpoint checkpoint) throws SQLException {
        execute(
                connection,
                "insert into ledger_checkpoint (writer, seq, at, previous, heads, hash, key_id, signature)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                checkpoint.writer(),
                checkpoint.seq(),
                utc(checkpoint.at()),
                checkpoint.previous(),
                checkpoint.heads(),
                checkpoint.hash(),
                checkpoint.keyId(),
                checkpoint.signature());
    }

    /** The entries of one link, in their order. */
    static List<Line> lines(PreparedStatement byLink, String writer, long seq) throws SQLException {
        byLink.setString(1, writer);
        byLink.setLong(2, seq);
        try (ResultSet row = byLink.executeQuery()) {
            List<Line> lines = new ArrayList<>();
            while (row.next()) {
                lines.add(line(row));
            }
            return lines;
        }
    }

    static Link link(ResultSet row) throws SQLException {
        return new Link(
                row.getString("writer"),
                row.getLong("seq"),
                row.getString("previous"),
                row.getString("hash"),
                row.getInt("entries"),
                instant(row, "committed_at"));
    }

    static Checkpoint checkpoint(ResultSet row) throws SQLException {
        return new Checkpoint(
                row.getString("writer"),
                row.getLong("seq"),
                instant(row, "at"),
                row.getString("previous"),
                row.getString("heads"),
                row.getString("hash"),
                row.getString("key_id"),
                row.getString("signature"));
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Line line(ResultSet row) throws SQLException {
        String user = row.getString("user_id");
        return new Line(
                row.getString("id"),
                new Entry(
                        instant(row, "at"),
                        row.getString("request_id"),
                        row.getString("tenant"),
                        user == null ? null : new User(user),
                        row.getString("client"),
                        row.getString("server"),
                        row.getString("session_id"),
                        row.getString("rule"),
                        row.getString("revision"),
                        row.getString("asked"),
                        row.getString("granted"),
                        row.getString("decision"),
                        row.getString("reason"),
                        row.getString("cache"),
                        duration(row, "leg1_ms"),
                        duration(row, "leg2_ms"),
                        row.getString("peer_error"),
                        row.getString("id_jag_id_hash"),
                        row.getString("token_fingerprint"),
                        row.getBoolean("weaker"),
                        row.getString("detail")));
    }

    private static void bind(PreparedStatement insert, Link link, int place, Line line) throws SQLException {
        Entry entry = line.entry();
        User user = entry.user();
        insert.setString(1, link.writer());
        insert.setLong(2, link.seq());
        insert.setInt(3, place);
        insert.setString(4, line.id());
        insert.setObject(5, utc(entry.time()));
        insert.setString(6, entry.requestId());
        insert.setString(7, entry.tenant());
        insert.setString(8, user == null ? null : user.pseudonym());
        insert.setString(9, entry.client());
        insert.setString(10, entry.server());
        insert.setString(11, entry.sessionId());
        insert.setString(12, entry.rule());
        insert.setString(13, entry.revision());
        insert.setString(14, entry.asked());
        insert.setString(15, entry.granted());
        insert.setString(16, entry.decision());
        insert.setString(17, entry.reason());
        insert.setString(18, entry.cache());
        setMillis(insert, 19, entry.leg1());
        setMillis(insert, 20, entry.leg2());
        insert.setString(21, entry.peerError());
        insert.setString(22, entry.idJagIdHash());
        insert.setString(23, entry.tokenFingerprint());
        insert.setBoolean(24, entry.weaker());
        insert.setString(25, entry.detail());
    }

    private static void setMillis(PreparedStatement insert, int index, @Nullable Duration value) throws SQLException {
        if (value == null) {
            insert.setNull(index, java.sql.Types.BIGINT);
        } else {
            insert.setLong(index, value.toMillis());
        }
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }
}
