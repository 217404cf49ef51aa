package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Status;
import dev.xaabroker.session.SessionStore.Adopted;
import dev.xaabroker.session.SessionStore.Proved;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every session store must do, whichever database stands behind it. */
abstract class SessionsContract {

    private static final String TENANT = "acme";
    private static final String ISSUER = "https://idp.example";
    private static final Duration YEAR = Duration.ofDays(365);

    @Inject
    SessionStore sessions;

    @Inject
    OutstandingTokens outstanding;

    @Inject
    DataSource database;

    @Inject
    Rotation rotation;

    private final Client cursor = client("cursor");
    private final Client vscode = client("vscode");
    private final Idp idp = new Idp();

    private static Client client(String id) {
        return new Client(
                id,
                "it@corp.example",
                Status.ENABLED,
                new ClientAuth.SecretBasic(Secret.of("s")),
                "corp",
                new Credentials.SecretBasic(id + "-at-idp", Secret.of("s")));
    }

    private Adopted adopt(Secret token) {
        return sessions.adopt(TENANT, cursor, ISSUER, token, YEAR, idp);
    }

    @Test
    void adoptsATokenAndFindsItsSessionByTheHandle() {
        Adopted adopted = adopt(idp.presented());

        Session found = sessions.byHandle(TENANT, cursor, adopted.handle());

        assertThat(found.id()).isEqualTo(adopted.session().id());
        assertThat(found.identity()).isEqualTo(adopted.proof().orElseThrow().identity());
        assertThat(found.identityProvider()).isEqualTo(ISSUER);
        assertThat(found.provenAt())
                .isBeforeOrEqualTo(adopted.proof().orElseThrow().at());
    }

    @Test
    void sendsATokenOnceHoweverManyPresentIt() throws Exception {
        Secret token = idp.presented();
        idp.takesItsTime = true;

        List<Adopted> all = together(20, () -> adopt(token));

        assertThat(idp.received).hasSize(1);
        assertThat(all)
                .extracting(adopted -> adopted.session().id())
                .containsOnly(all.get(0).session().id());
        Set<String> handles = new HashSet<>();
        all.forEach(adopted -> handles.add(adopted.handle().reveal()));
        assertThat(handles).hasSize(20);
        assertThat(handles).allSatisfy(handle -> assertThat(
                        sessions.byHandle(TENANT, cursor, Secret.of(handle)).id())
                .isEqualTo(all.get(0).session().id()));
    }

    @Test
    void reachesTheSameSessionWhenTheAnswerWasLost() {
        Secret token = idp.presented();
        Adopted lost = adopt(token);
        Adopted again = adopt(token);
        Adopted rotated = adopt(idp.presented());

        assertThat(idp.received).hasSize(1);
        assertThat(again.session().id()).isEqualTo(lost.session().id());
        assertThat(rotated.session().id()).isEqualTo(lost.session().id());
        assertThat(again.handle()).isNotEqualTo(lost.handle());
    }

    @Test
    void refusesATokenHeldForAnotherClientBeforeAnyCall() {
        Secret token = idp.presented();
        adopt(token);
        Secret rotated = idp.presented();

        for (Secret stolen : List.of(token, rotated)) {
            assertDenied(Reason.SESSION_UNKNOWN, () -> sessions.adopt(TENANT, vscode, ISSUER, stolen, YEAR, idp));
        }
        assertThat(idp.received).hasSize(1);
    }

    @Test
    void aTokenThatAnotherClientGuessedInVainIsStillItsOwners() {
        Idp stranger = new Idp();
        Secret token = idp.presented();
        assertThatThrownBy(() -> sessions.adopt(TENANT, vscode, ISSUER, token, YEAR, stranger))
                .isInstanceOf(Refusal.class);

        assertThat(adopt(token).proof()).isPresent();
    }

    @Test
    @Rules("H12")
    void aTokenThatTheIdpRefusedStaysDead() {
        Secret dead = Secret.of(Idp.token());
        assertThatThrownBy(() -> adopt(dead))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                        .isInstanceOf(Failure.SessionDead.class));

        assertDenied(Reason.SESSION_ENDED, () -> adopt(dead));
        assertThat(idp.received).hasSize(1);
    }

    @Test
    void triesAgainWhenTheIdpDidNotAnswer() {
        Secret token = idp.presented();
        idp.failure = new Failure.Unavailable("idp", Duration.ofSeconds(5), "down");
        assertThatThrownBy(() -> adopt(token)).isInstanceOf(Refusal.class);
        idp.failure = null;

        assertThat(adopt(token).proof()).isPresent();
    }

    @Test
    void anEndedSessionsTokensAndHandlesStayDead() {
        Secret token = idp.presented();
        Adopted adopted = adopt(token);
        Secret rotated = idp.presented();

        sessions.end(adopted.session(), "admin");
        sessions.end(adopted.session(), "again");

        assertDenied(Reason.SESSION_ENDED, () -> sessions.byHandle(TENANT, cursor, adopted.handle()));
        assertDenied(Reason.SESSION_ENDED, () -> adopt(token));
        assertDenied(Reason.SESSION_ENDED, () -> adopt(rotated));
        assertDenied(Reason.SESSION_ENDED, () -> sessions.prove(adopted.session(), Instant.EPOCH, idp));
        assertThat(idp.received).hasSize(1);
        assertThat(sessions.isEndedLogin(TENANT, idp.idpSession)).isTrue();
        assertThat(sessions.isEndedLogin("other", idp.idpSession)).isFalse();
    }

    @Test
    void tellsWhatItLastKnewOfLiveSessionsAndOfNoOthers() {
        Adopted live = adopt(idp.presented());
        Idp other = new Idp();
        Adopted ended = sessions.adopt(TENANT, cursor, ISSUER, other.presented(), YEAR, other);
        sessions.end(ended.session(), "logout");
        Set<String> ids = Set.of(live.session().id(), ended.session().id(), "no-such-session");

        Map<String, Identity> known = sessions.lastKnown(TENANT, ids);

        assertThat(known)
                .containsExactly(Map.entry(live.session().id(), live.session().identity()));
        assertThat(sessions.lastKnown("another-tenant", ids)).isEmpty();
    }

    @Test
    @Rules("F6")
    void noticesAnEndThatCameWhileTheRequestWasUnderWay() {
        Session read = adopt(idp.presented()).session();
        sessions.assertStillLive(read);

        sessions.end(read, "logout");

        assertDenied(Reason.SESSION_ENDED, () -> sessions.assertStillLive(read));
    }

    @Test
    void aSessionThatReachedItsAgeIsOverAndForbidsNoNewLogin() {
        Adopted young = sessions.adopt(TENANT, cursor, ISSUER, idp.presented(), Duration.ofSeconds(1), idp);
        assertThat(sessions.isEndedLogin(TENANT, idp.idpSession)).isFalse();

        while (!Instant.now().isAfter(young.session().expires())) {
            Thread.onSpinWait();
        }

        assertDenied(Reason.SESSION_ENDED, () -> sessions.assertStillLive(young.session()));
        assertDenied(Reason.SESSION_ENDED, () -> sessions.byHandle(TENANT, cursor, young.handle()));
        assertThat(sessions.isEndedLogin(TENANT, idp.idpSession)).isFalse();
    }

    @Test
    void aHandleIsBoundToItsClientAndTenantAndItsChecksum() {
        Secret handle = adopt(idp.presented()).handle();

        assertDenied(Reason.SESSION_UNKNOWN, () -> sessions.byHandle(TENANT, vscode, handle));
        assertDenied(Reason.SESSION_UNKNOWN, () -> sessions.byHandle("other", cursor, handle));
        assertDenied(
                Reason.SESSION_UNKNOWN,
                () -> sessions.byHandle(
                        TENANT, cursor, Secret.of(handle.reveal().substring(1))));
    }

    @Test
    void keepsTheNewestHandles() {
        Secret token = idp.presented();
        Secret first = adopt(token).handle();
        Secret last = first;
        for (int i = 0; i < 100; i++) {
            last = adopt(token).handle();
        }

        assertDenied(Reason.SESSION_UNKNOWN, () -> sessions.byHandle(TENANT, cursor, first));
        assertThat(sessions.byHandle(TENANT, cursor, last)).isNotNull();
    }

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
    @Rules("K6")
    void aTokenMovedToAnotherSessionDoesNotOpen() throws Exception {
        Session mine = adopt(idp.presented()).session();
        Idp other = new Idp();
        Session theirs = sessions.adopt(TENANT, vscode, ISSUER, other.presented(), YEAR, other)
                .session();
        byte[] sealed = (byte[]) one("select sealed_refresh_token from sso_session where id = ?", theirs.id());
        change("update sso_session set sealed_refresh_token = ? where id = ?", sealed, mine.id());

        assertThatThrownBy(() -> sessions.prove(mine, Instant.now(), idp))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                        .isInstanceOf(Failure.Unavailable.class));
        assertThat(idp.received).hasSize(1);
    }

    /** As a process leaves a session that dies after it sent the token, {@code ago}. */
    private void crashed(Session session, String status, Duration ago) {
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

    @Test
    @Rules("B7")
    void takesOverAnAdoptionWhoseMakerDiedWhereTheIdpDeclaresAGrace() {
        Secret token = idp.presented();
        Session session = adopt(token).session();
        idp.valid = token.reveal();
        idp.grace = Duration.ofSeconds(30);
        crashed(session, "PENDING", Duration.ofSeconds(2));

        assertThat(adopt(token).session().id()).isEqualTo(session.id());
        assertThat(idp.received).hasSize(2);
    }

    @Test
    @Rules("B7")
    void sendsNoTokenOfADeadAdoptionAgainWithoutAGrace() {
        Secret token = idp.presented();
        Session session = adopt(token).session();
        crashed(session, "PENDING", Duration.ofSeconds(2));

        assertDenied(Reason.SESSION_ENDED, () -> adopt(token));
        assertDenied(Reason.SESSION_ENDED, () -> adopt(token));
        assertThat(idp.received).hasSize(1);
    }

    @Test
    @Rules("B7")
    void sendsNoTokenOfADeadAdoptionForAnotherClientEither() {
        Secret token = idp.presented();
        Session session = adopt(token).session();
        crashed(session, "PENDING", Duration.ofSeconds(2));

        assertDenied(Reason.SESSION_UNKNOWN, () -> sessions.adopt(TENANT, vscode, ISSUER, token, YEAR, idp));
        assertDenied(Reason.SESSION_ENDED, () -> adopt(token));
        assertThat(idp.received).hasSize(1);
    }

    @Test
    @Rules("B7")
    void endsASessionWhoseRefreshDiedHalfwayWithoutACall() throws Exception {
        Session session = adopt(idp.presented()).session();
        crashed(session, "LIVE", Duration.ofSeconds(2));

        assertDenied(Reason.SESSION_ENDED, () -> sessions.prove(session, Instant.now(), idp));

        assertThat(idp.received).hasSize(1);
        assertThat(one("select end_cause from sso_session where id = ?", session.id()))
                .isEqualTo("rotation-lost");
    }

    @Test
    @Rules("B7")
    void sendsATokenThatMayBeSpentOnceMoreWithinTheGraceAndNeverAThirdTime() {
        Session session = adopt(idp.presented()).session();
        idp.grace = Duration.ofSeconds(30);
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> sessions.proveAfresh(session, Instant.now(), idp))
                    .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                            .isInstanceOf(Failure.Unavailable.class));
        }

        assertDenied(Reason.SESSION_ENDED, () -> sessions.proveAfresh(session, Instant.now(), idp));

        assertThat(idp.received).hasSize(3);
    }

    @Test
    @Rules("B7")
    void theOneMoreSendingWithinTheGraceSavesTheSession() {
        Session session = adopt(idp.presented()).session();
        idp.grace = Duration.ofSeconds(30);
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertThatThrownBy(() -> sessions.proveAfresh(session, Instant.now(), idp))
                .isInstanceOf(Refusal.class);
        idp.failure = null;

        assertThat(sessions.proveAfresh(session, Instant.now(), idp).proof()).isPresent();
        assertThat(sessions.proveAfresh(session, Instant.now(), idp).proof()).isPresent();
    }

    @Test
    @Rules("B7")
    void doesNotSendItOnceMoreWhenTheGraceIsOver() {
        Session session = adopt(idp.presented()).session();
        idp.grace = Duration.ofSeconds(30);
        crashed(session, "LIVE", Duration.ofSeconds(31));

        assertDenied(Reason.SESSION_ENDED, () -> sessions.prove(session, Instant.now(), idp));
        assertThat(idp.received).hasSize(1);
    }

    @Test
    @Rules("B7")
    void asksAgainAtAnIdpThatHasNeverRotatedThisSession() {
        idp.rotates = false;
        Session session = adopt(idp.presented()).session();
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> sessions.proveAfresh(session, Instant.now(), idp))
                    .isInstanceOf(Refusal.class);
        }
        idp.failure = null;

        assertThat(sessions.proveAfresh(session, Instant.now(), idp).proof()).isPresent();
    }

    @Test
    @Rules("B7")
    void aSessionInDoubtDoesNotPassForProven() {
        Adopted adopted = adopt(idp.presented());
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertThatThrownBy(() -> sessions.proveAfresh(adopted.session(), Instant.now(), idp))
                .isInstanceOf(Refusal.class);

        Session read = sessions.byHandle(TENANT, cursor, adopted.handle());

        assertThat(read.isProven(Instant.EPOCH, Instant.now())).isFalse();
        assertDenied(Reason.SESSION_ENDED, () -> sessions.prove(read, Instant.EPOCH, idp));
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

        Proved proved = sessions.proveAfresh(session, Instant.now(), token -> {
            sent.add(token.reveal());
            if (sent.size() > 1) {
                return idp.refresh(token);
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
    @Rules("F3")
    void theDatabaseHoldsNoTokenAndNoEmail() throws Exception {
        Secret token = idp.presented();
        Adopted adopted = adopt(token);
        AccessToken access = new AccessToken(
                Secret.of("at." + Idp.token()), "Bearer", Scopes.of("read"), Instant.now(), Duration.ofHours(1));
        outstanding.record(
                TENANT,
                Optional.of(adopted.session().id()),
                adopted.session().identity().user(),
                "cursor",
                "files",
                access);

        String dump = dump();

        assertThat(dump).contains(adopted.session().id());
        assertThat(dump)
                .doesNotContain(token.reveal())
                .doesNotContain(idp.valid)
                .doesNotContain(adopted.handle().reveal())
                .doesNotContain(access.value().reveal())
                .doesNotContain(idp.email);
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

    private Object lease(Session session) {
        try {
            return one("select lease_until from sso_session where id = ?", session.id());
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    @Rules("B10")
    void aSessionThatAnotherProcessRotatesAtThatMomentIsNotDead() throws Exception {
        Session session = adopt(idp.presented()).session();
        AtomicBoolean first = new AtomicBoolean(true);
        Connection other = database.getConnection();
        other.setAutoCommit(false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Proved proved = sessions.prove(session, Instant.now(), token -> {
                if (first.compareAndSet(true, false)) {
                    takeOver(other, session);
                    threads.execute(() -> commitSoon(other));
                    throw new Failure.SessionDead("spent").refusal();
                }
                return idp.refresh(token);
            });

            assertThat(proved.session().id()).isEqualTo(session.id());
        } finally {
            other.close();
        }
    }

    private static void commitSoon(Connection other) {
        try {
            Thread.sleep(500);
            other.commit();
        } catch (SQLException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void takeOver(Connection other, Session session) {
        try (PreparedStatement update = other.prepareStatement(
                "update sso_session set lease_until = null, refresh_sent_at = null, version = version + 1 where id = ?")) {
            bind(update, session.id());
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static void assertDenied(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                .isInstanceOfSatisfying(Failure.Denied.class, denied -> assertThat(denied.code())
                        .isEqualTo(reason)));
    }

    private static <T> List<T> together(int callers, Callable<T> call) throws Exception {
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

    private Object one(String sql, Object... values) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, values);
            ResultSet row = select.executeQuery();
            row.next();
            return row.getObject(1);
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

    private String dump() throws SQLException {
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
