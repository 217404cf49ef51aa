package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionStore.Adopted;
import dev.xaabroker.session.SessionSweep.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What becomes of the remains of sessions, whichever database stands behind them. */
abstract class SweepContract extends LimitsWorld {

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
            outstanding.record(issue(
                    Optional.empty(),
                    new Identity(alice, null, Set.of(), Map.of(), null, null),
                    new AccessToken(
                            token(),
                            "Bearer",
                            Scopes.of("read"),
                            Instant.now().plus(Duration.ofMinutes(minutes)),
                            Duration.ofMinutes(5))));
        }

        sweepAll(Kind.OUTSTANDING, YEAR);

        assertThat(one("select count(*) from outstanding_token where user_pseudonym = ?", user))
                .isEqualTo(1L);
    }

    @Test
    void leavesToTheQueueWhatIsDueUntilNobodyCanTellWhatBecameOfIt() throws SQLException {
        for (Duration ago : List.of(Duration.ofHours(1), Duration.ofHours(30))) {
            AccessToken token = new AccessToken(
                    token(), "Bearer", Scopes.of("read"), Instant.now().minus(ago), Duration.ofMinutes(5));
            outstanding.record(
                    issue(Optional.empty(), new Identity(alice, null, Set.of(), Map.of(), null, null), token));
        }
        change(
                "update outstanding_token set due_at = issued_at where user_pseudonym = ? and issued_at > ?",
                alice.pseudonym(),
                ago(Duration.ofHours(2)));
        change(
                "update outstanding_token set due_at = issued_at where user_pseudonym = ? and issued_at < ?",
                alice.pseudonym(),
                ago(Duration.ofHours(2)));

        sweepAll(Kind.OUTSTANDING, YEAR);

        assertThat(one("select count(*) from outstanding_token where user_pseudonym = ?", alice.pseudonym()))
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
}
