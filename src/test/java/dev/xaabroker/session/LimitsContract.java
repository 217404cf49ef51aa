package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import dev.xaabroker.session.SessionStore.Adopted;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What ends a session besides its IdP, whichever database stands behind it. */
abstract class LimitsContract extends SweepContract {

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

        assertThat(isEndedLogin(TENANT, login)).isFalse();

        sessions.end(use(adopt()), "logout");
        assertThat(isEndedLogin(TENANT, login)).isTrue();
    }
}
