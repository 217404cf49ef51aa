package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.User;
import dev.xaabroker.session.SessionStore.Adopted;
import dev.xaabroker.session.SessionSweep.Kind;
import jakarta.inject.Inject;
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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What ends a session besides its IdP, and what becomes of its remains, whichever database stands behind it. */
abstract class LimitsContract {

    private static final String TENANT = "acme";
    private static final String ISSUER = "https://idp.example";
    private static final Duration YEAR = Duration.ofDays(365);
    /** The default of {@code xaa.sessions.idle}. */
    private static final Duration IDLE = Duration.ofDays(7);
    /** The default of {@code xaa.sessions.per-user-and-client}. */
    private static final int MOST = 10;

    @Inject
    SessionStore sessions;

    @Inject
    SessionSweep sweep;

    @Inject
    OutstandingTokens outstanding;

    @Inject
    DataSource database;

    private final Client cursor = client("cursor");
    private final Client vscode = client("vscode");
    private final User alice = new User("user-" + UUID.randomUUID());
    private final String login = "sid-" + UUID.randomUUID();

    /** SQL that counts the sessions of the database that wait for a lock. */
    abstract String waiting();

    private static Client client(String id) {
        return new Client(
                id,
                "it@corp.example",
                Status.ENABLED,
                new ClientAuth.SecretBasic(Secret.of("s")),
                "corp",
                new Credentials.SecretBasic(id + "-at-idp", Secret.of("s")));
    }

    /** An IdP that knows every token to be this user's. */
    private RefreshGrant of(User user) {
        return (token, known) -> new Proof(
                new Identity(user, login, Set.of(), Map.of(), null, null),
                null,
                Secret.of("id." + UUID.randomUUID()),
                null,
                Instant.now());
    }

    private static Secret token() {
        return Secret.of("rt." + UUID.randomUUID());
    }

    private Adopted adopt() {
        return adopt(cursor, alice, token());
    }

    private Adopted adopt(Client client, User user, Secret token) {
        return sessions.adopt(TENANT, client, ISSUER, token, YEAR, of(user));
    }

    private Session use(Adopted adopted) {
        return sessions.byHandle(TENANT, cursor, adopted.handle());
    }

    // Idle

    @Test
    void endsASessionThatNoConnectUsedForTheIdleTime() throws SQLException {
        Adopted adopted = adopt();
        lastUsed(adopted, IDLE.plus(IDLE.dividedBy(20)));

        assertEnded("idle", () -> use(adopted));

        assertThat(cell("end_cause", adopted)).isEqualTo("idle");
        assertThat(cell("sealed_refresh_token", adopted)).isNull();
        assertEnded("idle", () -> use(adopted));
    }

    @Test
    void endsAnIdleSessionBeforeItsTokenIsSentAnywhere() throws SQLException {
        Adopted adopted = adopt();
        Session session = use(adopted);
        lastUsed(adopted, IDLE.multipliedBy(2));

        assertEnded(
                "idle",
                () -> sessions.prove(session, Instant.now(), (token, known) -> {
                    throw new AssertionError("sent");
                }));
    }

    @Test
    void aUseCountsFromItsOwnTimeOn() throws SQLException {
        Adopted adopted = adopt();
        lastUsed(adopted, IDLE.minusMinutes(1));

        use(adopted);

        assertThat(Duration.between(lastUsed(adopted), Instant.now())).isLessThan(Duration.ofMinutes(1));
    }

    /** The use that is written may be older than the last one by that much. */
    @Test
    void neverEndsASessionBeforeItsTime() throws SQLException {
        Adopted adopted = adopt();
        lastUsed(adopted, IDLE.plus(IDLE.dividedBy(20)).minusMinutes(1));

        use(adopted);
    }

    @Test
    void writesAUseDownOnceInATwentiethOfTheIdleTime() throws SQLException {
        Adopted adopted = adopt();
        lastUsed(adopted, IDLE.dividedBy(20).minusMinutes(1));
        Instant written = lastUsed(adopted);
        Object version = cell("version", adopted);

        use(adopted);
        sessions.prove(use(adopted), Instant.now(), of(alice));
        assertThat(lastUsed(adopted)).isEqualTo(written);

        lastUsed(adopted, IDLE.dividedBy(20));
        use(adopted);
        assertThat(lastUsed(adopted)).isAfter(written.plus(IDLE.dividedBy(20).minusMinutes(2)));
        assertThat(((Number) cell("version", adopted)).longValue())
                .as("a use moves no version: only the refresh did")
                .isEqualTo(((Number) version).longValue() + 2);
    }

    @Test
    void aRefreshIsAUse() throws SQLException {
        Adopted adopted = adopt();
        Session session = use(adopted);
        lastUsed(adopted, IDLE.minusMinutes(1));

        sessions.prove(session, Instant.now(), of(alice));

        assertThat(Duration.between(lastUsed(adopted), Instant.now())).isLessThan(Duration.ofMinutes(1));
    }

    // One too many

    @Test
    void anAdoptionTooManyEndsTheSessionUnusedForLongest() throws SQLException {
        List<Adopted> all = new ArrayList<>();
        List<Secret> presented = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            presented.add(token());
            all.add(adopt(cursor, alice, presented.getLast()));
        }
        Adopted elsewhere = adopt(vscode, alice, token());
        Adopted bobs = adopt(cursor, new User("user-" + UUID.randomUUID()), token());
        for (Adopted old : List.of(elsewhere, bobs)) {
            lastUsed(old, Duration.ofDays(3));
        }
        lastUsed(all.get(3), Duration.ofDays(2));
        // Used a moment ago though it was written long ago: its last refresh tells.
        change("update sso_session set last_used_at = ? where id = ?", ago(Duration.ofDays(3)), id(all.get(5)));
        Adopted unused = all.get(3);

        Adopted eleventh = adopt();

        assertEnded("superseded", () -> use(unused));
        assertThat(cell("end_cause", unused)).isEqualTo("superseded");
        assertThat(cell("sealed_refresh_token", unused)).isNull();
        assertEnded("ended session", () -> adopt(cursor, alice, presented.get(3)));
        all.remove(unused);
        all.add(eleventh);
        all.forEach(this::use);
        use(bobs);
        sessions.byHandle(TENANT, vscode, elsewhere.handle());
    }

    @Test
    void adoptionsAtOnceLeaveAsManySessionsAsThereMayBe() throws Exception {
        int callers = 3 * MOST;
        CyclicBarrier start = new CyclicBarrier(callers);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    try {
                        adopt();
                    } catch (Refusal superseded) {
                        assertThat(superseded.failure().detail()).contains("superseded");
                    }
                    return null;
                }));
            }
            for (Future<?> answer : answers) {
                answer.get();
            }
        }

        assertThat(count("user_pseudonym = ? and status = 'LIVE'", alice.pseudonym()))
                .isEqualTo(MOST);
        assertThat(count("user_pseudonym = ? and end_cause = 'superseded'", alice.pseudonym()))
                .isEqualTo(callers - MOST);
    }

    @Test
    void anEndByALimitSaysNothingAgainstTheLogin() throws SQLException {
        Adopted adopted = adopt();
        lastUsed(adopted, IDLE.multipliedBy(2));
        assertEnded("idle", () -> use(adopted));
        Adopted second = adopt();
        change("update sso_session set end_cause = 'superseded', status = 'ENDED' where id = ?", id(second));

        assertThat(sessions.isEndedLogin(TENANT, login)).isFalse();

        sessions.end(use(adopt()), "logout");
        assertThat(sessions.isEndedLogin(TENANT, login)).isTrue();
    }

    // Sweep

    @Test
    void endsWhatIsIdleOrTooOldAndDeletesItsSecrets() throws SQLException {
        Adopted idle = adopt();
        lastUsed(idle, IDLE.multipliedBy(2));
        Adopted expired = adopt();
        change("update sso_session set expires_at = ? where id = ?", ago(Duration.ofSeconds(1)), id(expired));
        Adopted lowered = adopt();
        change("update sso_session set created_at = ? where id = ?", ago(Duration.ofDays(31)), id(lowered));
        Adopted used = adopt();

        for (Kind kind : List.of(Kind.IDLE, Kind.EXPIRED, Kind.OVERAGE)) {
            sweepAll(kind, Duration.ofDays(30));
        }

        assertThat(cell("end_cause", idle)).isEqualTo("idle");
        assertThat(cell("end_cause", expired)).isEqualTo("expired");
        assertThat(cell("end_cause", lowered)).isEqualTo("expired");
        for (Adopted ended : List.of(idle, expired, lowered)) {
            assertThat(cell("sealed_refresh_token", ended)).isNull();
            assertThat(cell("sealed_identity", ended)).isNull();
            assertThat(cell("sealed_proof", ended)).isNull();
            assertThat(cell("ended_at", ended)).isNotNull();
            assertThatThrownBy(() -> sessions.assertStillLive(ended.session())).isInstanceOf(Refusal.class);
        }
        use(used);
        sessions.assertStillLive(used.session());
    }

    @Test
    void removesATombstoneWithEverythingThatHangsOnItWhenItIsOldEnough() throws SQLException {
        Secret token = token();
        Adopted old = adopt(cursor, alice, token);
        Adopted young = adopt();
        Adopted longBound = adopt();
        for (Adopted ended : List.of(old, young, longBound)) {
            sessions.end(ended.session(), "logout");
            over(ended, Duration.ofDays(30).plusSeconds(1));
        }
        change(
                "update sso_session set ended_at = ? where id = ?",
                ago(Duration.ofDays(30).minusMinutes(1)),
                id(young));
        // Adopted when maxSessionAge was longer: its token could have lived until then.
        change("update sso_session set expires_at = ? where id = ?", ago(Duration.ofDays(-1)), id(longBound));

        sweepAll(Kind.TOMBSTONE, Duration.ofDays(30));

        assertThat(count("id = ?", id(old))).isZero();
        assertThat(one("select count(*) from presented_token where session_id = ?", id(old)))
                .isEqualTo(0L);
        assertThat(one("select count(*) from session_handle where session_id = ?", id(old)))
                .isEqualTo(0L);
        assertThat(count("id = ?", id(young))).isOne();
        assertThat(count("id = ?", id(longBound))).isOne();
        denied(Reason.SESSION_UNKNOWN, () -> use(old));
        assertThat(adopt(cursor, alice, token).session().id()).isNotEqualTo(id(old));
    }

    /** Its token may be spent: it keeps standing in the way of the token for as long as a session would have lived. */
    @Test
    void keepsAnAdoptionThatCameToNothingForAsLongAsATombstone() throws SQLException {
        Secret token = token();
        assertThatThrownBy(() -> sessions.adopt(TENANT, cursor, ISSUER, token, YEAR, (sent, known) -> {
                    throw new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(1), "lost"))
                            .refusal();
                }))
                .isInstanceOf(Refusal.class);
        String id = (String) one("select id from sso_session where status = 'PENDING' and tenant = ?", TENANT);
        change(
                "update sso_session set created_at = ?, expires_at = ? where id = ?",
                ago(Duration.ofDays(30).minusMinutes(1)),
                ago(Duration.ofDays(1)),
                id);
        sweepAll(Kind.ABANDONED, Duration.ofDays(30));
        assertThat(count("id = ?", id)).isOne();

        change("update sso_session set created_at = ? where id = ?", ago(Duration.ofDays(31)), id);
        change("update sso_session set lease_until = ? where id = ?", ago(Duration.ofMinutes(-1)), id);
        sweepAll(Kind.ABANDONED, Duration.ofDays(30));
        assertThat(count("id = ?", id)).as("somebody is at it").isOne();

        change("update sso_session set lease_until = null where id = ?", id);
        sweepAll(Kind.ABANDONED, Duration.ofDays(30));
        assertThat(count("id = ?", id)).isZero();
    }

    @Test
    void removesUpstreamTokensThatNoServerAcceptsAnyMore() throws SQLException {
        String user = alice.pseudonym();
        for (int minutes : List.of(-10, -4)) {
            outstanding.record(
                    TENANT,
                    Optional.empty(),
                    alice,
                    "cursor",
                    "files",
                    new AccessToken(
                            token(),
                            "Bearer",
                            Scopes.of("read"),
                            Instant.now().plus(Duration.ofMinutes(minutes)),
                            Duration.ofMinutes(5)));
        }

        sweepAll(Kind.OUTSTANDING, YEAR);

        assertThat(one("select count(*) from outstanding_token where user_pseudonym = ?", user))
                .isEqualTo(1L);
    }

    @Test
    void changesNoMoreThanABatchInOneTransaction() throws SQLException {
        sweepAll(Kind.IDLE, YEAR);
        for (int i = 0; i < 5; i++) {
            lastUsed(adopt(), IDLE.multipliedBy(2));
        }

        assertThat(sweep.sweep(TENANT, Kind.IDLE, YEAR, 2)).isEqualTo(2);
        assertThat(sweep.sweep(TENANT, Kind.IDLE, YEAR, 2)).isEqualTo(2);
        assertThat(sweep.sweep(TENANT, Kind.IDLE, YEAR, 2)).isEqualTo(1);
        assertThat(sweep.sweep(TENANT, Kind.IDLE, YEAR, 2)).isZero();
    }

    @Test
    void countsTheLiving() throws SQLException {
        Adopted adopted = adopt();
        long before = sweep.living();

        sessions.end(adopted.session(), "logout");

        assertThat(sweep.living()).isEqualTo(before - 1);
    }

    /** The sweep has found the session, and waits for the connect that is writing its use down. */
    @Test
    void aUseThatComesInBetweenSavesTheSession() throws Exception {
        sweepAll(Kind.IDLE, YEAR);
        Adopted adopted = adopt();
        lastUsed(adopted, IDLE.multipliedBy(2));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection user = database.getConnection()) {
            user.setAutoCommit(false);
            try (PreparedStatement update =
                    user.prepareStatement("update sso_session set last_used_at = ? where id = ?")) {
                bind(update, ago(Duration.ZERO), id(adopted));
                update.executeUpdate();
            }
            Future<Integer> swept = threads.submit(() -> sweep.sweep(TENANT, Kind.IDLE, YEAR, 10));
            while (((Number) one(waiting())).intValue() == 0) {
                assertThat(swept).isNotDone();
                Thread.onSpinWait();
            }
            user.commit();

            assertThat(swept.get()).isZero();
        }
        use(adopted);
    }

    private void sweepAll(Kind kind, Duration maxAge) {
        while (sweep.sweep(TENANT, kind, maxAge, 100) == 100) {
            // The next batch.
        }
    }

    // The database

    private static String id(Adopted adopted) {
        return adopted.session().id();
    }

    private static OffsetDateTime ago(Duration age) {
        return Instant.now().minus(age).atOffset(ZoneOffset.UTC);
    }

    /** As if a connect had last used it then, and no refresh had been needed since. */
    private void lastUsed(Adopted adopted, Duration ago) {
        change("update sso_session set last_used_at = ?, proven_at = ? where id = ?", ago(ago), ago(ago), id(adopted));
    }

    private Instant lastUsed(Adopted adopted) throws SQLException {
        return ((OffsetDateTime) cell("last_used_at", adopted)).toInstant();
    }

    private void over(Adopted adopted, Duration ago) {
        change("update sso_session set ended_at = ?, expires_at = ? where id = ?", ago(ago), ago(ago), id(adopted));
    }

    private Object cell(String column, Adopted adopted) throws SQLException {
        return one("select " + column + " from sso_session where id = ?", id(adopted));
    }

    private int count(String where, Object... values) throws SQLException {
        return ((Number) one("select count(*) from sso_session where " + where, values)).intValue();
    }

    private Object one(String sql, Object... values) throws SQLException {
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

    private void change(String sql, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, values);
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static void assertEnded(String detail, ThrowingCallable call) {
        assertThat(denied(Reason.SESSION_ENDED, call).detail()).contains(detail);
    }

    private static Failure.Denied denied(Reason reason, ThrowingCallable call) {
        Failure failure = catchThrowableOfType(Refusal.class, call).failure();
        assertThat(failure).isInstanceOfSatisfying(Failure.Denied.class, denied -> assertThat(denied.code())
                .isEqualTo(reason));
        return (Failure.Denied) failure;
    }
}
