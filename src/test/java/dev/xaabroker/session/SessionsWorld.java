package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.User;
import dev.xaabroker.session.SessionStore.Adopted;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A session store with what the tests of its contract need around it. */
abstract class SessionsWorld {

    static final String TENANT = "acme";
    static final String ISSUER = "https://idp.example";
    static final Duration YEAR = Duration.ofDays(365);

    @Inject
    SessionStore sessions;

    @Inject
    SessionDirectory directory;

    @Inject
    OutstandingTokens outstanding;

    @Inject
    Ends ends;

    @Inject
    DataSource database;

    @Inject
    Rotation rotation;

    final Client cursor = client("cursor");
    final Client vscode = client("vscode");
    final Idp idp = new Idp();

    static Client client(String id) {
        return new Client(
                id,
                "it@corp.example",
                Status.ENABLED,
                new ClientAuth.SecretBasic(Secret.of("s")),
                "corp",
                new Credentials.SecretBasic(id + "-at-idp", Secret.of("s")));
    }

    /** Whether somebody who is not known otherwise is refused for that session at the IdP. */
    boolean isEndedLogin(String tenant, String idpSession) {
        return sessions.isEndedLogin(
                tenant, new Identity(new User("stranger"), idpSession, Set.of(), Map.of(), null, null), Instant.now());
    }

    static OutstandingTokens.Issue issue(Optional<Session> session, Identity identity, AccessToken token) {
        return new OutstandingTokens.Issue(
                TENANT,
                session,
                ISSUER,
                identity,
                "cursor",
                "files",
                List.of("engineering-files", "all-files"),
                "tok:" + UUID.randomUUID(),
                token,
                Optional.empty());
    }

    Adopted adopt(Secret token) {
        return sessions.adopt(TENANT, cursor, ISSUER, token, YEAR, idp);
    }

    /** As a process leaves a session that dies after it sent the token, {@code ago}. */
    void crashed(Session session, String status, Duration ago) {
        change(
                "update sso_session set status = ?, lease_until = ?, refresh_sent_at = ?, proven_at = ? where id = ?",
                status,
                Instant.now().minusSeconds(1).atOffset(java.time.ZoneOffset.UTC),
                Instant.now().minus(ago).atOffset(java.time.ZoneOffset.UTC),
                status.equals("PENDING")
                        ? null
                        : session.provenAt().minusSeconds(3600).atOffset(java.time.ZoneOffset.UTC),
                session.id());
    }

    Object lease(Session session) {
        try {
            return one("select lease_until from sso_session where id = ?", session.id());
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static void commitSoon(Connection other) {
        try {
            Thread.sleep(500);
            other.commit();
        } catch (SQLException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static void takeOver(Connection other, Session session) {
        try (PreparedStatement update = other.prepareStatement(
                "update sso_session set lease_until = null, refresh_sent_at = null, version = version + 1 where id = ?")) {
            bind(update, session.id());
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static void assertDenied(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                .isInstanceOfSatisfying(Failure.Denied.class, denied -> assertThat(denied.code())
                        .isEqualTo(reason)));
    }

    static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                .isInstanceOf(Failure.Unavailable.class));
    }

    static <T> List<T> together(int callers, Callable<T> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(callers);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(answer.get());
            }
            return all;
        }
    }

    Object one(String sql, Object... values) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, values);
            ResultSet row = select.executeQuery();
            row.next();
            return row.getMetaData()
                            .getColumnTypeName(1)
                            .toLowerCase(java.util.Locale.ROOT)
                            .startsWith("timestamp")
                    ? row.getObject(1, OffsetDateTime.class)
                    : row.getObject(1);
        }
    }

    void change(String sql, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, values);
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    String dump() throws SQLException {
        StringBuilder dump = new StringBuilder();
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            ResultSet names =
                    connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE", "BASE TABLE"});
            while (names.next()) {
                tables.add(names.getString("TABLE_NAME"));
            }
            assertThat(tables).contains("sso_session", "outstanding_token", "ledger_entry");
            for (String table : tables) {
                ResultSet rows = statement.executeQuery("select * from \"" + table + "\"");
                while (rows.next()) {
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        Object value = rows.getObject(i);
                        dump.append(
                                        value instanceof byte[] bytes
                                                ? new String(bytes, StandardCharsets.ISO_8859_1)
                                                : value)
                                .append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }
}
