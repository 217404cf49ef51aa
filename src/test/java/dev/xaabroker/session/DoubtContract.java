package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionStore.Adopted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every session store does with a refresh token that may be spent, whichever database stands behind it. */
abstract class DoubtContract extends SessionsWorld {

    @Test
    @Rules("B7")
    void takesOverAnAdoptionWhoseMakerDiedWhereTheIdpDeclaresAGrace() {
        Secret token = idp.presented();
        Session session = adopt(token).session();
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
    @Rules("B7")
    void keepsTheTokenOfAnAnswerThatProvedNothing() {
        Session session = adopt(idp.presented()).session();

        assertUnavailable(() -> sessions.proveAfresh(session, Instant.now(), unproven()));

        assertThat(sessions.proveAfresh(session, Instant.now(), idp).proof()).isPresent();
        assertThat(idp.received).doesNotHaveDuplicates();
    }

    @Test
    @Rules("B7")
    void anAnswerThatProvesNothingProvesNothing() {
        Adopted adopted = adopt(idp.presented());
        Instant before = Instant.now();

        assertUnavailable(() -> sessions.proveAfresh(adopted.session(), Instant.now(), unproven()));

        assertThat(sessions.byHandle(TENANT, cursor, adopted.handle()).provenAt())
                .isBefore(before);
    }

    @Test
    @Rules("B7")
    void anAdoptionGoesOnWithTheTokenOfAnAnswerThatProvedNothing() {
        Secret token = idp.presented();
        RefreshGrant unproven = unproven();
        assertUnavailable(() -> sessions.adopt(TENANT, cursor, ISSUER, token, YEAR, unproven));
        idp.failure = new Failure.Unavailable("idp", Duration.ofSeconds(1), "busy");
        assertUnavailable(() -> adopt(token));
        idp.failure = null;
        assertDenied(Reason.SESSION_UNKNOWN, () -> sessions.adopt(TENANT, vscode, ISSUER, token, YEAR, idp));

        assertThat(adopt(token).proof()).isPresent();
        assertThat(idp.received).doesNotContain(token.reveal());
    }

    /** As an IdP that rotates and whose answer cannot be verified. */
    private RefreshGrant unproven() {
        return (token, known) -> {
            assertThat(token.reveal()).isEqualTo(idp.valid);
            idp.valid = Idp.token();
            throw new Failure.AnswerLost(
                            new Failure.Unavailable("idp", Duration.ofSeconds(1), "no keys"),
                            Optional.of(Secret.of(idp.valid)))
                    .refusal();
        };
    }

    @Test
    @Rules("B7")
    void aRefusalThatSentNothingIsNoSending() {
        Session session = adopt(idp.presented()).session();
        idp.grace = Duration.ofSeconds(30);
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertUnavailable(() -> sessions.proveAfresh(session, Instant.now(), idp));
        idp.failure = new Failure.NotSent(new Failure.Unavailable("idp", Duration.ofSeconds(5), "not now"));
        for (int i = 0; i < 3; i++) {
            assertUnavailable(() -> sessions.proveAfresh(session, Instant.now(), idp));
        }
        idp.failure = null;

        assertThat(sessions.proveAfresh(session, Instant.now(), idp).proof()).isPresent();
    }

    @Test
    @Rules("B7")
    void aRefusalThatSentNothingDoesNotMakeATokenGood() {
        Session session = adopt(idp.presented()).session();
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertUnavailable(() -> sessions.proveAfresh(session, Instant.now(), idp));
        idp.failure = new Failure.NotSent(new Failure.Unavailable("idp", Duration.ofSeconds(5), "not now"));

        assertDenied(Reason.SESSION_ENDED, () -> sessions.proveAfresh(session, Instant.now(), idp));
    }

    @Test
    @Rules("B7")
    void anAdoptionThatSentNothingMayBeTriedAgain() {
        Secret token = idp.presented();
        idp.failure = new Failure.NotSent(new Failure.Unavailable("idp", Duration.ofSeconds(5), "not now"));
        assertUnavailable(() -> adopt(token));
        idp.grace = Duration.ofSeconds(30);
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertUnavailable(() -> adopt(token));
        idp.failure = new Failure.NotSent(new Failure.Unavailable("idp", Duration.ofSeconds(5), "not now"));
        assertUnavailable(() -> adopt(token));
        idp.failure = null;

        assertThat(adopt(token).proof()).isPresent();
    }

    @Test
    void aSessionThatTheBrokerLostSaysNothingAgainstItsLogin() {
        Session session = adopt(idp.presented()).session();
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertUnavailable(() -> sessions.proveAfresh(session, Instant.now(), idp));
        assertDenied(Reason.SESSION_ENDED, () -> sessions.proveAfresh(session, Instant.now(), idp));

        assertThat(isEndedLogin(TENANT, idp.idpSession)).isFalse();
    }

    @Test
    @Rules("B7")
    void lendsNoTokenThatMayBeSpent() {
        Session session = adopt(idp.presented()).session();
        idp.failure = new Failure.AnswerLost(new Failure.Unavailable("idp", Duration.ofSeconds(5), "lost"));
        assertUnavailable(() -> sessions.proveAfresh(session, Instant.now(), idp));

        assertUnavailable(() -> sessions.withRefreshToken(session, Secret::reveal));
    }

    @Test
    @Rules("B7")
    void aLeaseLastsForAsLongAsItsProcessIsAtWork() {
        Session session = adopt(idp.presented()).session();
        List<Object> leases = new ArrayList<>();

        sessions.proveAfresh(session, Instant.now(), (token, known) -> {
            leases.add(lease(session));
            leases.add(leaseOtherThan(leases.getFirst(), session));
            return idp.refresh(token, known);
        });

        assertThat(leases).hasSize(2).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(lease(session)).isNull();
    }

    private Object leaseOtherThan(Object before, Session session) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (before.equals(lease(session)) && System.nanoTime() < deadline) {
            Proving.pause();
        }
        return lease(session);
    }
}
