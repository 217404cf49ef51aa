package dev.xaabroker.ledger;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import javax.sql.DataSource;

/**
 * The chain of this process. After a commit whose outcome is in doubt the chain is left where it stands and a new one
 * begins: the old one is whole with the link in doubt and without it.
 */
final class Chain {

    private static final int WRITER_BYTES = 16;

    private final DataSource database;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private String writer = "";
    private long next;
    private String head = "";

    Chain(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
        begin();
    }

    /** Commits {@code lines} as one link, or throws and has not advanced. */
    void commit(List<Line> lines) throws SQLException {
        Link link = Link.of(writer, next, head, clock.instant(), lines);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                LedgerTables.insert(connection, link, lines);
                connection.commit();
            } catch (SQLException failure) {
                rollback(connection, failure);
                throw failure;
            }
        } catch (SQLException failure) {
            begin();
            throw failure;
        }
        next++;
        head = link.hash();
    }

    private void begin() {
        byte[] bytes = new byte[WRITER_BYTES];
        random.nextBytes(bytes);
        writer = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        next = 0;
        head = Canonical.NOTHING;
    }

    private static void rollback(Connection connection, SQLException failure) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
        }
    }
}
