package dev.xaabroker.ledger;

import dev.xaabroker.keys.LedgerSigner;
import dev.xaabroker.ledger.Checkpoint.Head;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Signs where the chains of all writers stand, and logs it: whoever keeps the log can show that the ledger was cut, even
 * after its end and its checkpoints went together.
 */
final class Checkpoints {

    private static final Logger LOG = Logger.getLogger(Checkpoints.class);

    /** How far back to look for links of others whose clocks differ from ours, or whose commit took long. */
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    private final DataSource database;
    private final LedgerSigner signer;
    private final Clock clock;
    private final Map<String, Head> known = new TreeMap<>();
    private final String writer = UUID.randomUUID().toString().replace("-", "").substring(0, 22);
    private Instant lookedAt = Instant.EPOCH;
    private long next;
    private String previous = Canonical.NOTHING;

    Checkpoints(DataSource database, LedgerSigner signer, Clock clock) {
        this.database = database;
        this.signer = signer;
        this.clock = clock;
    }

    /** Writes a checkpoint of the chains that moved, if any did. */
    void write() throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try (Connection connection = database.getConnection()) {
            SortedMap<String, Head> heads = moved(connection);
            if (heads.isEmpty()) {
                lookedAt = now;
                return;
            }
            Checkpoint checkpoint = sign(now, Checkpoint.write(heads));
            LedgerTables.insert(connection, checkpoint);
            known.putAll(heads);
            lookedAt = now;
            previous = checkpoint.hash();
            next++;
            LOG.infof(
                    "Ledger checkpoint writer=%s seq=%d hash=%s key=%s signature=%s",
                    writer, checkpoint.seq(), checkpoint.hash(), checkpoint.keyId(), checkpoint.signature());
        }
    }

    private Checkpoint sign(Instant now, String heads) {
        Canonical content = Checkpoint.content(writer, next, now, previous, heads);
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign(content.bytes()));
        return new Checkpoint(writer, next, now, previous, heads, content.hash(), signer.keyId(), signature);
    }

    private SortedMap<String, Head> moved(Connection connection) throws SQLException {
        SortedMap<String, Head> heads = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("select l.writer, l.seq, l.hash from ledger_link l"
                + " join (select writer, max(seq) as top from ledger_link where committed_at >= ? group by writer) h"
                + " on l.writer = h.writer and l.seq = h.top")) {
            Instant since = lookedAt.equals(Instant.EPOCH) ? lookedAt : lookedAt.minus(OVERLAP);
            select.setObject(1, LedgerTables.utc(since));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Head head = new Head(row.getLong(2), row.getString(3));
                    if (!head.equals(known.get(row.getString(1)))) {
                        heads.put(row.getString(1), head);
                    }
                }
            }
        }
        return heads;
    }
}
