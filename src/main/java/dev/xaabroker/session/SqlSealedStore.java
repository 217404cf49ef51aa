package dev.xaabroker.session;

import dev.xaabroker.keys.SealBroken;
import dev.xaabroker.keys.SealedRecords;
import dev.xaabroker.keys.Sealer;
import dev.xaabroker.session.SealedCount.Work;
import dev.xaabroker.session.SealedTable.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Sealed records in SQL. A rewrap changes what lies in a column and nothing of what it means, so it leaves the row's version
 * alone, and loses to whoever changes the value itself.
 */
@ApplicationScoped
class SqlSealedStore implements SealedStore, SealedRecords {

    private static final Logger LOG = Logger.getLogger(SqlSealedStore.class);

    private final Sql sql;
    private final DataSource database;
    private final Sealer sealer;

    SqlSealedStore(Sql sql, DataSource database, Sealer sealer) {
        this.sql = sql;
        this.database = database;
        this.sealer = sealer;
    }

    @Override
    public void announce(String keyId) {
        new SealingKeys(this::use).announce(keyId);
    }

    @Override
    public boolean release(String keyId) {
        return new SealingKeys(this::use).release(keyId);
    }

    @Override
    public Census census(String current, List<String> known) {
        return SealedCount.of(this::use, current, known);
    }

    @Override
    public Batch rewrap(Optional<String> after, int most) {
        SealedPosition from = after.map(SealedPosition::parse).orElse(SealedPosition.FIRST);
        SealedRows rows = new SealedRows(from.table());
        byte[] header = Sealer.header(sealer.current());
        Optional<String> last = use(connection -> rows.end(connection, from.id(), most));
        if (last.isEmpty()) {
            return new Batch(0, 0, List.of(), from.nextTable().map(SealedPosition::toString));
        }
        List<Broken> broken = new ArrayList<>();
        List<SealedRows.Change> changes = new ArrayList<>();
        for (Row row : use(connection -> rows.stale(connection, from.id(), last.get(), header))) {
            Map<String, byte[]> values = resealed(from.table(), row, header, broken);
            if (!values.isEmpty()) {
                Map<String, byte[]> all = new HashMap<>(row.values());
                all.putAll(values);
                changes.add(new SealedRows.Change(row, all));
            }
        }
        int rewrapped = changes.isEmpty() ? 0 : use(connection -> rows.replace(connection, changes));
        return new Batch(
                rewrapped,
                changes.size() - rewrapped,
                broken,
                Optional.of(new SealedPosition(from.table(), last.get()).toString()));
    }

    /** The values of a row that are not under the current key, sealed anew; outside any transaction, as the keys may be far. */
    private Map<String, byte[]> resealed(SealedTable table, Row row, byte[] header, List<Broken> broken) {
        Map<String, byte[]> anew = new HashMap<>();
        row.values().forEach((column, value) -> {
            if (SealedRows.startsWith(value, header)) {
                return;
            }
            String place = table.place(row.tenant(), row.id(), column);
            try {
                anew.put(column, sealer.seal(place, sealer.open(place, value)));
            } catch (SealBroken why) {
                String name = SealedTable.name(column);
                LOG.errorf(
                        "A stored value does not open kind=%s id=%s session=%s column=%s why=%s",
                        table.kind, row.id(), row.session(), name, why.getMessage());
                broken.add(new Broken(table.kind, row.id(), row.session(), name));
            }
        });
        return anew;
    }

    private <T> T use(Work<T> work) {
        return sql.call(() -> {
            try (Connection connection = database.getConnection()) {
                return work.with(connection);
            }
        });
    }
}
