package dev.xaabroker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.ledger.LedgerQueries.Cursor;
import dev.xaabroker.ledger.LedgerQueries.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the ledger is read, whichever database stands behind it. */
abstract class LedgerQueriesContract {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

    abstract DataSource database();

    /** How this database explains a plan. */
    abstract String explain();

    @BeforeEach
    void migrate() {
        Flyway flyway =
                Flyway.configure().dataSource(database()).cleanDisabled(false).load();
        flyway.clean();
        flyway.migrate();
    }

    private LedgerQueries ledger() {
        return new LedgerQueries(database());
    }

    private static Line line(String id, Instant at, String tenant) {
        Entry entry = new Entry(
                at,
                "request-" + id,
                tenant,
                null,
                "cursor",
                null,
                null,
                null,
                null,
                null,
                null,
                "denied",
                "client-disabled",
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                null);
        return Line.of(id, entry);
    }

    private void write(String writer, List<Line> lines) throws Exception {
        try (Connection connection = database().getConnection()) {
            LedgerTables.insert(connection, Link.of(writer, 0, Canonical.NOTHING, NOON, lines), lines);
        }
    }

    private static List<String> ids(Page page) {
        return page.entries().stream().map(Entry::requestId).toList();
    }

    @Test
    void readsATimeOfOneTenantOldestFirst() throws Exception {
        write("w1", List.of(line("03", NOON.plusSeconds(3), "acme"), line("01", NOON.plusSeconds(1), "acme")));
        write("w2", List.of(line("02", NOON.plusSeconds(2), "acme"), line("04", NOON.plusSeconds(1), "other")));

        assertThat(ids(ledger().entries("acme", NOON, NOON.plusSeconds(9), Optional.empty(), 10)))
                .containsExactly("request-01", "request-02", "request-03");
        assertThat(ids(ledger().entries("acme", NOON.plusSeconds(2), NOON.plusSeconds(3), Optional.empty(), 10)))
                .containsExactly("request-02");
    }

    @Test
    void pagesMissNothingWhenManyEntriesShareATimeAndAnId() throws Exception {
        List<Line> lines = IntStream.range(0, 7)
                .mapToObj(i -> line("%02x".formatted(i), NOON, "acme"))
                .toList();
        write("w1", lines);
        write("w2", lines);

        List<String> read = new ArrayList<>();
        Optional<Cursor> next = Optional.empty();
        do {
            Page page = ledger().entries("acme", NOON, NOON.plusSeconds(1), next, 3);
            read.addAll(ids(page));
            next = page.next().map(Cursor::toString).flatMap(Cursor::parse);
        } while (next.isPresent());

        assertThat(read).hasSize(14).isSorted();
        assertThat(read.stream().distinct()).hasSize(7);
    }

    @Test
    void readsAlongTheIndex() throws Exception {
        write(
                "w1",
                IntStream.range(0, 3000)
                        .mapToObj(i -> line("%06x".formatted(i), NOON.plus(i, ChronoUnit.SECONDS), "acme"))
                        .toList());
        try (Connection connection = database().getConnection()) {
            connection.createStatement().execute("analyze");
            try (PreparedStatement plan = connection.prepareStatement(explain()
                    + " select * from ledger_entry where at >= ? and at < ? and tenant = 'acme'"
                    + " order by at, id, writer limit 101")) {
                plan.setObject(1, LedgerTables.utc(NOON.plusSeconds(100)));
                plan.setObject(2, LedgerTables.utc(NOON.plusSeconds(400)));
                StringBuilder said = new StringBuilder();
                for (ResultSet row = plan.executeQuery(); row.next(); ) {
                    said.append(row.getString(1).toLowerCase(java.util.Locale.ROOT))
                            .append('\n');
                }
                assertThat(said.toString().replace("index sorted", "in order"))
                        .contains("ledger_entry_in_order")
                        .doesNotContain("sort", "tablescan", "seq scan");
            }
        }
    }

    @Test
    void aCursorIsReadBackAndNothingElseIs() {
        Cursor cursor = new Cursor(NOON, "0a", "writer_-1");

        assertThat(Cursor.parse(cursor.toString())).contains(cursor);
        for (String wrong : List.of(
                "", "1", "1.0a", "x.0a.w", "1.0a.w.", "-1.0a.w", "1.0a.w' or '1'='1", "9".repeat(18) + ".0a.w")) {
            assertThat(Cursor.parse(wrong)).as(wrong).isEmpty();
        }
    }
}
