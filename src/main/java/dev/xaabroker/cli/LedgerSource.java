package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.broker.Settings;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.ledger.EntryJson;
import dev.xaabroker.ledger.LedgerQueries;
import dev.xaabroker.ledger.LedgerQueries.Cursor;
import dev.xaabroker.ledger.LedgerQueries.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Where the ledger's entries come from: a running broker, or its database. A page at a time, never all. */
interface LedgerSource {

    int PAGE = 1_000;

    /** Gives each entry of the time to {@code sink}, oldest first, as {@link EntryJson} writes it. */
    void read(Instant since, Instant until, Consumer<JsonNode> sink);

    /** Over the admin face. */
    static LedgerSource of(AdminFace admin) {
        return (since, until, sink) -> {
            String query = "/admin/ledger/entries?limit=" + PAGE + "&since=" + since + "&until=" + until;
            String cursor = "";
            do {
                JsonNode page = admin.get(query + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                        .json();
                page.path("entries").forEach(sink);
                cursor = page.path("next").asText("");
            } while (!cursor.isEmpty());
        };
    }

    /** From the database of the broker configured here. */
    static LedgerSource of(Settings settings, String tenant) {
        return (since, until, sink) -> {
            LedgerQueries queries = new LedgerQueries(settings.database());
            try {
                // An embedded database is open as long as somebody holds a connection: to open it for each page takes
                // long.
                Connection open = settings.database().getConnection();
                try {
                    pages(settings, queries, tenant, since, until, sink);
                } finally {
                    open.close();
                }
            } catch (SQLException failure) {
                throw unreadable(settings, failure);
            }
        };
    }

    private static void pages(
            Settings settings,
            LedgerQueries queries,
            String tenant,
            Instant since,
            Instant until,
            Consumer<JsonNode> sink) {
        Optional<Cursor> after = Optional.empty();
        do {
            Page page = page(settings, queries, tenant, since, until, after);
            page.stored().forEach(stored -> sink.accept(EntryJson.of(stored)));
            after = page.next();
        } while (after.isPresent());
    }

    private static Page page(
            Settings settings,
            LedgerQueries queries,
            String tenant,
            Instant since,
            Instant until,
            Optional<Cursor> after) {
        try {
            return queries.entries(tenant, since, until, after, PAGE);
        } catch (Refusal refusal) {
            throw unreadable(settings, new SQLException(refusal.failure().detail()));
        }
    }

    /** What to say when the database cannot be read. */
    static Stopped unreadable(Settings settings, SQLException failure) {
        String said = String.valueOf(failure.getMessage());
        return new Stopped(
                said.startsWith("another broker")
                        ? "the embedded database is in use by a running broker: ask that one, with --broker URL"
                        : settings.databasePlace() + ": the ledger cannot be read"
                                + (failure.getSQLState() == null ? "" : ", SQL state " + failure.getSQLState())
                                + "; xaa doctor tells why");
    }
}
