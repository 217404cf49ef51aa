package dev.xaabroker.ledger;

import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.LedgerSigner;
import dev.xaabroker.ledger.Checkpoint.Head;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Replays every chain and checkpoint, and finds the first break. It proves that nothing written before the last checkpoint
 * was changed, cut or added; for the checkpoints themselves, give it one from the log.
 */
@ApplicationScoped
public class LedgerVerification {

    private static final int FETCH = 500;
    private static final int NAMED = 10;
    private static final String OUTSIDE =
            "select count(*) from ledger_entry e where not exists (select 1 from ledger_link l"
                    + " where l.writer = e.writer and l.seq = e.seq and e.place >= 0 and e.place < l.entries)";

    private final DataSource database;
    private final LedgerSigner signer;

    LedgerVerification(DataSource database, LedgerSigner signer) {
        this.database = database;
        this.signer = signer;
    }

    /** One for a command, outside the application, with the key ring that the ledger was signed with. */
    public static LedgerVerification alone(DataSource database, KeyRing ring) {
        return new LedgerVerification(database, new LedgerSigner(ring));
    }

    /** What the replay found. */
    public sealed interface Verdict {

        /**
         * Every hash and signature holds.
         *
         * @param unsigned how many entries are younger than the last checkpoint of their writer: of these alone a cut would
         *     not be noticed
         */
        record Whole(long links, long entries, long checkpoints, long unsigned) implements Verdict {}

        /** The first thing that does not hold, in words. */
        record Broken(String where) implements Verdict {}
    }

    /**
     * Verifies the ledger.
     *
     * @param logged hashes of checkpoints that a log holds; the ledger must know them all
     * @throws SQLException when the database does not answer
     */
    public Verdict verify(Collection<String> logged) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return verify(connection, logged);
            } finally {
                connection.rollback();
            }
        }
    }

    private Verdict verify(Connection connection, Collection<String> logged) throws SQLException {
        Replay replay = new Replay();
        try {
            replay.checkpoints(connection);
            replay.links(connection);
            replay.end(connection, logged);
            return new Verdict.Whole(replay.links, replay.entries, replay.checkpoints, replay.unsigned);
        } catch (Break found) {
            return new Verdict.Broken(String.valueOf(found.getMessage()));
        }
    }

    /** Where one pass over the tables stands. */
    private final class Replay {

        private final PublicKey key = publicKey();
        private final Map<String, Map<Long, String>> promised = new HashMap<>();
        private final Map<String, Long> signed = new HashMap<>();
        private final Set<String> hashes = new HashSet<>();
        private long links;
        private long entries;
        private long checkpoints;
        private long unsigned;

        void checkpoints(Connection connection) throws SQLException {
            try (PreparedStatement select =
                    connection.prepareStatement("select * from ledger_checkpoint order by writer, seq")) {
                select.setFetchSize(FETCH);
                try (ResultSet row = select.executeQuery()) {
                    Due due = Due.NONE;
                    while (row.next()) {
                        Checkpoint next = LedgerTables.checkpoint(row);
                        check(next, due.of(next.writer()));
                        due = new Due(next.writer(), next.seq() + 1, next.hash());
                    }
                }
            }
        }

        private void check(Checkpoint next, Due due) {
            String name = "checkpoint " + next.seq() + " of " + next.writer();
            require(
                    next.seq() == due.seq() && next.previous().equals(due.previous()),
                    name + " does not follow the one before it");
            require(next.content().hash().equals(next.hash()), name + " was changed");
            require(next.keyId().equals(signer.keyId()), name + " is signed with another key: " + next.keyId());
            require(verifies(key, next), name + " has a wrong signature");
            for (Map.Entry<String, Head> head : next.readHeads().entrySet()) {
                promised.computeIfAbsent(head.getKey(), writer -> new HashMap<>())
                        .put(head.getValue().seq(), head.getValue().hash());
                signed.merge(head.getKey(), head.getValue().seq(), Math::max);
            }
            hashes.add(next.hash());
            checkpoints++;
        }

        void links(Connection connection) throws SQLException {
            try (PreparedStatement select =
                            connection.prepareStatement("select * from ledger_link order by writer, seq");
                    PreparedStatement byLink = connection.prepareStatement(
                            "select * from ledger_entry where writer = ? and seq = ? order by place")) {
                select.setFetchSize(FETCH);
                try (ResultSet row = select.executeQuery()) {
                    Due due = Due.NONE;
                    while (row.next()) {
                        Link next = LedgerTables.link(row);
                        check(next, due.of(next.writer()), byLink);
                        due = new Due(next.writer(), next.seq() + 1, next.hash());
                    }
                }
            }
        }

        private void check(Link next, Due due, PreparedStatement byLink) throws SQLException {
            String name = "link " + next.seq() + " of " + next.writer();
            require(
                    next.seq() == due.seq() && next.previous().equals(due.previous()),
                    name + " does not follow the one before it");
            List<Line> lines = LedgerTables.lines(byLink, next.writer(), next.seq());
            Link replayed = Link.of(next.writer(), due.seq(), due.previous(), next.committedAt(), lines);
            require(replayed.equals(next), name + " or one of its entries was changed: " + named(lines));
            String head = promised.getOrDefault(next.writer(), new HashMap<>()).remove(next.seq());
            require(head == null || head.equals(next.hash()), name + " differs from its signed checkpoint");
            unsigned += next.seq() > signed.getOrDefault(next.writer(), -1L) ? next.entries() : 0;
            links++;
            entries += next.entries();
        }

        /** Nothing promised may be missing, and nothing may stand outside the chains. */
        void end(Connection connection, Collection<String> logged) throws SQLException {
            promised.forEach((writer, heads) -> heads.keySet().stream()
                    .min(Long::compare)
                    .ifPresent(seq ->
                            require(false, "link " + seq + " of " + writer + " was cut: a checkpoint knows it")));
            try (PreparedStatement select = connection.prepareStatement(OUTSIDE);
                    ResultSet row = select.executeQuery()) {
                row.next();
                require(row.getLong(1) == 0, row.getLong(1) + " entries stand outside every link");
            }
            logged.forEach(hash -> require(hashes.contains(hash), "checkpoint " + hash + " of the log was cut"));
        }
    }

    /** What the next link or checkpoint of a writer must be. */
    private record Due(String writer, long seq, String previous) {

        private static final Due NONE = new Due("", 0, Canonical.NOTHING);

        Due of(String nextWriter) {
            return writer.equals(nextWriter) ? this : new Due(nextWriter, 0, Canonical.NOTHING);
        }
    }

    /** The requests whose entries stand in one link: which of them was touched, a hash over all cannot tell. */
    private static String named(List<Line> lines) {
        return "it holds " + lines.size() + ", of the requests "
                + lines.stream()
                        .limit(NAMED)
                        .map(line -> line.entry().requestId())
                        .collect(Collectors.joining(", "))
                + (lines.size() > NAMED ? ", ..." : "");
    }

    private PublicKey publicKey() {
        String body = signer.publicKeyPem().replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot read an Ed25519 key", e);
        }
    }

    private static boolean verifies(PublicKey key, Checkpoint checkpoint) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(checkpoint.content().bytes());
            return signature.verify(Base64.getUrlDecoder().decode(checkpoint.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Break(otherwise);
        }
    }

    /** The replay cannot go on. */
    private static final class Break extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Break(String where) {
            super(where, null, false, false);
        }
    }
}
