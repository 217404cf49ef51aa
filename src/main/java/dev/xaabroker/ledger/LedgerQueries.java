package dev.xaabroker.ledger;

import dev.xaabroker.grant.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Reads the ledger by time, a page at a time, along an index. An entry may be committed a moment after its time: who follows
 * the ledger begins again a few seconds before where they stopped.
 */
@ApplicationScoped
public class LedgerQueries {

    private static final Logger LOG = Logger.getLogger(LedgerQueries.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final String RANGE = "select * from ledger_entry where at >= ? and at < ? and tenant = ?";
    private static final String BEYOND = " and (at > ? or id > ? or (id = ? and writer > ?))";
    private static final String IN_ORDER = " order by at, id, writer limit ?";

    private final DataSource database;

    public LedgerQueries(DataSource database) {
        this.database = database;
    }

    /**
     * The tenant's entries from {@code since} on and before {@code until}, oldest first.
     *
     * @param after begins behind this entry
     * @param limit at most this many, at least 1
     * @throws dev.xaabroker.grant.Refusal Unavailable "ledger" when the database does not answer
     */
    public Page entries(String tenant, Instant since, Instant until, Optional<Cursor> after, int limit) {
        String sql = RANGE + (after.isPresent() ? BEYOND : "") + IN_ORDER;
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            Instant from = after.map(Cursor::at).filter(at -> at.isAfter(since)).orElse(since);
            select.setObject(1, LedgerTables.utc(from));
            select.setObject(2, LedgerTables.utc(until));
            select.setString(3, tenant);
            int next = 4;
            if (after.isPresent()) {
                Cursor cursor = after.get();
                select.setObject(next++, LedgerTables.utc(cursor.at()));
                select.setString(next++, cursor.id());
                select.setString(next++, cursor.id());
                select.setString(next++, cursor.writer());
            }
            select.setInt(next, limit + 1);
            return page(select, limit);
        } catch (SQLException failure) {
            LOG.warnf(
                    "The ledger could not be read error=%s sql_state=%s",
                    failure.getClass().getSimpleName(), failure.getSQLState());
            throw new Failure.Unavailable("ledger", RETRY_AFTER, "the ledger could not be read").refusal();
        }
    }

    private static Page page(PreparedStatement select, int limit) throws SQLException {
        List<Stored> entries = new ArrayList<>();
        Optional<Cursor> last = Optional.empty();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (entries.size() == limit) {
                    return new Page(entries, last);
                }
                Line line = LedgerTables.line(row);
                Stored stored = new Stored(line.id(), row.getString("writer"), row.getLong("seq"), line.entry());
                entries.add(stored);
                last = Optional.of(new Cursor(line.entry().time(), line.id(), stored.writer()));
            }
        }
        return new Page(entries, Optional.empty());
    }

    /**
     * Some entries in their order.
     *
     * @param next where the next page begins; absent when this is the last
     */
    public record Page(List<Stored> stored, Optional<Cursor> next) {

        public Page {
            stored = List.copyOf(stored);
        }

        public List<Entry> entries() {
            return stored.stream().map(Stored::entry).toList();
        }
    }

    /**
     * An entry and its place in the chains.
     *
     * @param id unique within its writer
     * @param seq of the link that it stands in
     */
    public record Stored(String id, String writer, long seq, Entry entry) {}

    /** The place of one entry. As text {@code MICROSECONDS.ID.WRITER}, for callers to send back. */
    public record Cursor(Instant at, String id, String writer) {

        private static final Pattern FORM = Pattern.compile("([0-9]{1,17})\\.([0-9a-f]{1,50})\\.([A-Za-z0-9_-]{1,22})");

        /** Reads what {@link #toString} wrote; absent when it is anything else. */
        public static Optional<Cursor> parse(String text) {
            Matcher parts = FORM.matcher(text);
            return parts.matches()
                    ? Optional.of(new Cursor(
                            Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                            parts.group(2),
                            parts.group(3)))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "." + id + "." + writer;
        }
    }
}
