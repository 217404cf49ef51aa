package dev.xaabroker.session;

import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.session.SealedCount.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which keys the records of this database may need: a few rows that a start compares the ring with. They may say too much,
 * never too little; only a key that has left the ring is looked for in the records themselves.
 */
final class SealingKeys {

    private final Connections database;

    SealingKeys(Connections database) {
        this.database = database;
    }

    /**
     * Makes sure that the ring opens everything there is, and notes its keys.
     *
     * @throws MissingKeys when it does not
     */
    void check(KeyRing ring) {
        List<String> noted = database.use(SealingKeys::noted);
        if (noted.isEmpty()) {
            // The first start of this version: nobody has noted anything yet.
            if (SealedCount.of(database, ring.current(), List.copyOf(ring.keyIds()))
                            .elsewhere()
                    > 0) {
                throw new MissingKeys("a key");
            }
            ring.keyIds().forEach(this::announce);
        }
        Set<String> held = ring.keyIds();
        for (String id : noted) {
            // Not forgotten here: another broker may have noted it a moment ago, to seal with it next.
            if (!held.contains(id) && isNeeded(id)) {
                throw new MissingKeys("key " + id);
            }
        }
        announce(ring.current());
    }

    void announce(String keyId) {
        database.use(
                connection -> run(connection, "insert into sealing_key (id) values (?) on conflict do nothing", keyId));
    }

    /** Forgets a key unless a record needs it; returns whether it was forgotten. */
    boolean release(String keyId) {
        if (isNeeded(keyId)) {
            return false;
        }
        database.use(connection -> run(connection, "delete from sealing_key where id = ?", keyId));
        return true;
    }

    private boolean isNeeded(String keyId) {
        return SealedCount.of(database, keyId, List.of(keyId)).byKey().getOrDefault(keyId, 0L) > 0;
    }

    private static List<String> noted(Connection connection) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select id from sealing_key order by id");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private static int run(Connection connection, String statement, String keyId) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(statement)) {
            change.setString(1, keyId);
            return change.executeUpdate();
        }
    }

    /** Records are sealed under a key that the ring does not hold. */
    static final class MissingKeys extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MissingKeys(String which) {
            super(
                    "Records in this database are sealed under " + which
                            + ", which the key ring does not hold: put it back"
                            + " into the key file (xaa.keys.file), and take it out only when \"xaa vault status\" says that"
                            + " it may go.",
                    null,
                    false,
                    false);
        }
    }
}
