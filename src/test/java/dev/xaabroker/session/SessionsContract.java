package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionStore.Adopted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session store must do, whichever database stands behind it. */
abstract class SessionsContract extends RotationContract {

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
        assertThat(isEndedLogin(TENANT, idp.idpSession)).isTrue();
        assertThat(isEndedLogin("other", idp.idpSession)).isFalse();
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
    void anOperatorsEndSticksToALoginWhoseSessionWasLostAMomentBefore() {
        Adopted adopted = adopt(idp.presented());
        sessions.end(adopted.session(), Limits.SUPERSEDED);
        assertThat(isEndedLogin(TENANT, idp.idpSession)).isFalse();

        Ends.Ended ended = ends.session(TENANT, adopted.session().id(), "admin: stolen");

        assertThat(ended.sessions()).isEmpty();
        assertThat(isEndedLogin(TENANT, idp.idpSession)).isTrue();
        assertThat(directory.find(TENANT, adopted.session().id()).orElseThrow().endCause())
                .isEqualTo("admin: stolen");
    }

    @Test
    void listsSessionsWithTheNumberOfTheirHandles() {
        Secret token = idp.presented();
        Adopted adopted = adopt(token);
        adopt(token);
        String user = adopted.session().identity().user().pseudonym();

        assertThat(directory.list(TENANT, Optional.of(user), Optional.of("cursor"), false, 10))
                .hasSize(1)
                .first()
                .satisfies(summary -> {
                    assertThat(summary.id()).isEqualTo(adopted.session().id());
                    assertThat(summary.handles()).isEqualTo(2);
                });
        assertThat(directory.list(TENANT, Optional.of(user), Optional.of("vscode"), true, 10))
                .isEmpty();
        assertThat(directory.list("globex", Optional.of(user), Optional.empty(), true, 10))
                .isEmpty();
        assertThat(directory.find("globex", adopted.session().id())).isEmpty();
        assertThat(ends.session("globex", adopted.session().id(), "admin").known())
                .isFalse();
        sessions.assertStillLive(adopted.session());
        assertThat(directory.list(TENANT, Optional.of("nobody"), Optional.empty(), true, 10))
                .isEmpty();
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
        assertThat(isEndedLogin(TENANT, idp.idpSession)).isFalse();

        while (!Instant.now().isAfter(young.session().expires())) {
            Thread.onSpinWait();
        }

        assertDenied(Reason.SESSION_ENDED, () -> sessions.assertStillLive(young.session()));
        assertDenied(Reason.SESSION_ENDED, () -> sessions.byHandle(TENANT, cursor, young.handle()));
        assertThat(isEndedLogin(TENANT, idp.idpSession)).isFalse();
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

    @Test
    @Rules("F3")
    void theDatabaseHoldsNoTokenAndNoEmail() throws Exception {
        Secret token = idp.presented();
        Adopted adopted = adopt(token);
        AccessToken access = new AccessToken(
                Secret.of("at." + Idp.token()), "Bearer", Scopes.of("read"), Instant.now(), Duration.ofHours(1));
        outstanding.record(
                issue(Optional.of(adopted.session()), adopted.session().identity(), access));

        String dump = dump();

        assertThat(dump).contains(adopted.session().id());
        assertThat(dump)
                .doesNotContain(token.reveal())
                .doesNotContain(idp.valid)
                .doesNotContain(adopted.handle().reveal())
                .doesNotContain(access.value().reveal())
                .doesNotContain(idp.email);
    }
}
