package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionStore.Adopted;
import dev.xaabroker.session.SessionStore.Proved;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How every session store keeps a refresh token from being burnt, whichever database stands behind it. */
abstract class RotationContract extends DoubtContract {

    @Test
    @Rules("B7")
    void oneRefreshServesAllWhoWaitedForIt() throws Exception {
        Session session = adopt(idp.presented()).session();
        idp.takesItsTime = true;
        Instant since = Instant.now();

        List<Proved> all = together(50, () -> sessions.proveAfresh(session, since, idp));

        assertThat(idp.received).hasSize(2);
        assertThat(all)
                .extracting(proved -> proved.proof().orElseThrow().idToken())
                .containsOnly(all.get(0).proof().orElseThrow().idToken());
    }

    @Test
    @Rules("B7")
    void eachRefreshSendsTheTokenOfTheOneBefore() {
        Session session = adopt(idp.presented()).session();
        for (int i = 0; i < 5; i++) {
            sessions.proveAfresh(session, Instant.now(), idp);
        }

        assertThat(idp.received).hasSize(6).doesNotHaveDuplicates();
        assertThat(sessions.<String>withRefreshToken(session, Secret::reveal)).isEqualTo(idp.valid);
    }

    @Test
    void keepsATokenThatIsNotRotated() {
        idp.rotates = false;
        Session session = adopt(idp.presented()).session();

        sessions.proveAfresh(session, Instant.now(), idp);

        assertThat(sessions.<String>withRefreshToken(session, Secret::reveal)).isEqualTo(idp.valid);
    }

    @Test
    void aYoungEnoughProofNeedsNoCall() {
        Session session = adopt(idp.presented()).session();

        Proved proved = sessions.prove(session, session.provenAt(), idp);

        assertThat(proved.session().provenAt()).isEqualTo(session.provenAt());
        assertThat(idp.received).hasSize(1);
    }

    @Test
    @Rules("H12")
    void aRefusedRefreshEndsTheSessionWithOneCall() {
        Adopted adopted = adopt(idp.presented());
        idp.valid = Idp.token();

        for (int i = 0; i < 3; i++) {
            assertDenied(Reason.SESSION_ENDED, () -> sessions.prove(adopted.session(), Instant.now(), idp));
        }

        assertThat(idp.received).hasSize(2);
        assertDenied(Reason.SESSION_ENDED, () -> sessions.byHandle(TENANT, cursor, adopted.handle()));
    }

    @Test
    void anIdpThatIsDownEndsNothing() {
        Session session = adopt(idp.presented()).session();
        idp.failure = new Failure.Unavailable("idp", Duration.ofSeconds(5), "down");
        assertThatThrownBy(() -> sessions.prove(session, Instant.now(), idp)).isInstanceOf(Refusal.class);
        idp.failure = null;

        assertThat(sessions.prove(session, Instant.now(), idp).proof()).isPresent();
    }

    @Test
    void anotherUsersIdentityEndsTheSession() {
        Session session = adopt(idp.presented()).session();
        idp.user = new dev.xaabroker.grant.User("somebody-else");

        assertDenied(Reason.SESSION_ENDED, () -> sessions.prove(session, Instant.now(), idp));
        assertDenied(Reason.SESSION_ENDED, () -> sessions.assertStillLive(session));
    }

    @Test
    void readsTheProofThatAnotherReplicaLeft() {
        Adopted adopted = adopt(idp.presented());
        Proved elsewhere = sessions.proveAfresh(adopted.session(), Instant.now(), idp);
        rotation.forget(adopted.session().id());

        Proved here =
                sessions.proveAfresh(adopted.session(), elsewhere.session().provenAt(), idp);

        assertThat(idp.received).hasSize(2);
        assertThat(here.proof().orElseThrow().idToken())
                .isEqualTo(elsewhere.proof().orElseThrow().idToken());
        assertThat(sessions.proveAfresh(adopted.session(), Instant.now(), idp).proof())
                .isPresent();
        assertThat(idp.received).hasSize(3);
    }

    @Test
    @Rules("B7")
    void sendsNothingWhileAnotherProcessRefreshes() {
        Session session = adopt(idp.presented()).session();
        Instant leaseEnd = Instant.now().plusSeconds(1);
        change(
                "update sso_session set lease_until = ?, version = version + 1 where id = ?",
                leaseEnd.atOffset(java.time.ZoneOffset.UTC),
                session.id());

        Proved proved = sessions.proveAfresh(session, Instant.now(), idp);

        assertThat(proved.proof().orElseThrow().at()).isAfter(leaseEnd);
    }

    @Test
    @Rules("B7")
    void aTokenThatAnotherProcessRotatedMeanwhileIsNotTakenForDead() {
        Session session = adopt(idp.presented()).session();
        List<String> sent = new ArrayList<>();

        Proved proved = sessions.proveAfresh(session, Instant.now(), (token, known) -> {
            sent.add(token.reveal());
            if (sent.size() > 1) {
                return idp.refresh(token, known);
            }
            change(
                    "update sso_session set lease_until = null, refresh_sent_at = null, version = version + 1 where id = ?",
                    session.id());
            throw new Failure.SessionDead("invalid_grant").refusal();
        });

        assertThat(proved.proof()).isPresent();
        sessions.assertStillLive(session);
    }

    @Test
    @Rules("H13")
    void doesNotBelieveAProofFromTheFuture() {
        Session session = adopt(idp.presented()).session();
        Instant now = Instant.now();
        change("update sso_session set proven_at = ? where id = ?", at(now.plus(Duration.ofHours(1))), session.id());

        Session proved = sessions.prove(session, now, idp).session();

        assertThat(idp.received).hasSize(2);
        assertThat(proved.provenAt()).isBefore(now.plusSeconds(60));
    }

    @Test
    @Rules("B7")
    void lendsNoTokenWhileAnotherProcessRefreshesTheSession() {
        Session session = adopt(idp.presented()).session();
        Instant end = Instant.now().plusMillis(700);
        change("update sso_session set lease_until = ?, version = version + 1 where id = ?", at(end), session.id());

        Instant lent = sessions.withRefreshToken(session, token -> Instant.now());

        assertThat(lent).isAfterOrEqualTo(end.minusMillis(1));
    }

    @Test
    @Rules("B7")
    void noOtherProcessMayRefreshASessionWhoseTokenIsLent() throws Exception {
        Session session = adopt(idp.presented()).session();

        Object meanwhile = sessions.withRefreshToken(session, token -> lease(session));

        assertThat(meanwhile).isNotNull();
        assertThat(lease(session)).isNull();
    }

    @Test
    @Rules("B10")
    void aSessionThatAnotherProcessRotatesAtThatMomentIsNotDead() throws Exception {
        Session session = adopt(idp.presented()).session();
        AtomicBoolean first = new AtomicBoolean(true);
        Connection other = database.getConnection();
        other.setAutoCommit(false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Proved proved = sessions.prove(session, Instant.now(), (token, known) -> {
                if (first.compareAndSet(true, false)) {
                    takeOver(other, session);
                    threads.execute(() -> commitSoon(other));
                    throw new Failure.SessionDead("spent").refusal();
                }
                return idp.refresh(token, known);
            });

            assertThat(proved.session().id()).isEqualTo(session.id());
        } finally {
            other.close();
        }
    }
}
