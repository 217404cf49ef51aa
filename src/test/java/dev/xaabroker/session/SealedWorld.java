package dev.xaabroker.session;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Sealer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Sessions put straight into the database, many at a time, each with an IdP of its own. */
record SealedWorld(DataSource database, Sealer sealer) {

    private static final String INSERT = "insert into sso_session (id, tenant, client_id, idp, status, adoption,"
            + " user_pseudonym, idp_session, sealed_refresh_token, sealed_identity, sealed_proof, created_at, proven_at,"
            + " expires_at, epoch, version, rotates) values (?, ?, 'cursor', 'https://idp.example', 'LIVE', ?, ?, ?, ?, ?,"
            + " ?, ?, ?, ?, 0, 0, true)";

    /** A stored session and the IdP that its token is from. */
    record Stored(String id, String tenant, Idp idp) {}

    void empty() throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("delete from outstanding_token");
            statement.executeUpdate("delete from sso_session");
        }
    }

    /** @param earlier whether its values have the form of the version before envelopes */
    Stored store(String tenant, boolean earlier) throws SQLException {
        Stored one = new Stored(UUID.randomUUID().toString(), tenant, new Idp());
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            bind(insert, one, earlier);
            insert.executeUpdate();
        }
        return one;
    }

    /** Every third in the earlier form. */
    List<Stored> store(int sessions) throws SQLException {
        List<Stored> all = new ArrayList<>();
        while (all.size() < sessions) {
            try (Connection connection = database.getConnection();
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                for (int i = 0; i < 500 && all.size() < sessions; i++) {
                    Stored one = new Stored(UUID.randomUUID().toString(), "acme", new Idp());
                    bind(insert, one, i % 3 == 0);
                    insert.addBatch();
                    all.add(one);
                }
                insert.executeBatch();
            }
        }
        return all;
    }

    private void bind(PreparedStatement insert, Stored one, boolean earlier) throws SQLException {
        Idp idp = one.idp();
        Identity identity = new Identity(
                idp.user,
                idp.idpSession,
                Set.of("engineering"),
                Map.of("email", List.of(idp.email)),
                "mfa",
                Instant.EPOCH);
        Instant now = Instant.now();
        insert.setString(1, one.id());
        insert.setString(2, one.tenant());
        insert.setString(3, one.id());
        insert.setString(4, idp.user.pseudonym());
        insert.setString(5, idp.idpSession);
        insert.setBytes(6, sealed(one, "refresh_token", idp.valid.getBytes(StandardCharsets.UTF_8), earlier));
        insert.setBytes(7, sealed(one, "identity", IdentityJson.write(identity), earlier));
        // As long as ID tokens are.
        Secret idToken = Secret.of("id." + "x".repeat(1_000) + UUID.randomUUID());
        insert.setBytes(8, sealed(one, "proof", ProofJson.write(idToken, null), earlier));
        insert.setObject(9, now.minus(Duration.ofMinutes(20)).atOffset(ZoneOffset.UTC));
        insert.setObject(10, now.minus(Duration.ofMinutes(10)).atOffset(ZoneOffset.UTC));
        insert.setObject(11, now.plus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC));
    }

    private byte[] sealed(Stored one, String column, byte[] plain, boolean earlier) {
        String place = SealedSession.place(one.tenant(), one.id(), column);
        return earlier ? sealer.sealBriefly(place, plain) : sealer.seal(place, plain);
    }

    String outstanding(String tenant, String session, String token) throws SQLException {
        String id = UUID.randomUUID().toString();
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into outstanding_token (id, tenant, session_id, user_pseudonym, client_id, server,"
                                + " fingerprint, sealed_token, issued_at, expires_at) values (?, ?, ?, 'u', 'cursor',"
                                + " 'files', 'f', ?, current_timestamp, current_timestamp)")) {
            insert.setString(1, id);
            insert.setString(2, tenant);
            insert.setString(3, session);
            insert.setBytes(
                    4, sealer.seal(SqlOutstandingTokens.place(tenant, id), token.getBytes(StandardCharsets.UTF_8)));
            insert.executeUpdate();
        }
        return id;
    }

    byte[] token(String id) throws SQLException {
        return value("outstanding_token", "sealed_token", id);
    }

    void swapOutstanding(String one, String other) throws SQLException {
        swap("outstanding_token", "sealed_token", one, "sealed_token", other);
    }

    void swap(String column, String id, String otherColumn, String otherId) throws SQLException {
        swap("sso_session", column, id, otherColumn, otherId);
    }

    private void swap(String table, String column, String id, String otherColumn, String otherId) throws SQLException {
        byte[] one = value(table, column, id);
        byte[] other = value(table, otherColumn, otherId);
        set(table, column, id, other);
        set(table, otherColumn, otherId, one);
    }

    private byte[] value(String table, String column, String id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select " + column + " from " + table + " where id = ?")) {
            select.setString(1, id);
            ResultSet row = select.executeQuery();
            row.next();
            return row.getBytes(1);
        }
    }

    private void set(String table, String column, String id, byte[] value) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update " + table + " set " + column + " = ? where id = ?")) {
            update.setBytes(1, value);
            update.setString(2, id);
            update.executeUpdate();
        }
    }

    void change(String statement, String id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(statement)) {
            update.setString(1, id);
            update.executeUpdate();
        }
    }
}
