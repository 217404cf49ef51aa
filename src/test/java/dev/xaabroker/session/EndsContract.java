package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import dev.xaabroker.session.OutstandingTokens.Due;
import dev.xaabroker.session.OutstandingTokens.Kind;
import dev.xaabroker.session.SessionStore.Adopted;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an end ends, what it leaves alone, what it remembers and what it puts into the queue. */
abstract class EndsContract extends SessionsWorld {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final User alice = new User("user-" + UUID.randomUUID());
    private final User bob = new User("user-" + UUID.randomUUID());
    private final String email = "email-" + UUID.randomUUID();

    /** Other tests' tokens are none of ours. */
    @AfterEach
    void emptyTheQueue() {
        take();
    }

    private List<Due> take() {
        List<Due> taken = new ArrayList<>();
        List<Due> some;
        do {
            some = outstanding.take(TENANT, 50, Duration.ofMinutes(1));
            taken.addAll(some);
            some.forEach(due -> outstanding.settle(due.id()));
        } while (!some.isEmpty());
        return taken;
    }

    private Identity login(User user, String sid, Instant authTime) {
        return new Identity(user, sid, Set.of(), Map.of(), null, authTime).withEmail(email);
    }

    private Adopted adopt(Client client, Identity identity) {
        Secret token = Secret.of("rt." + UUID.randomUUID());
        return sessions.adopt(
                TENANT,
                client,
                ISSUER,
                token,
                YEAR,
                (sent, known) -> new Proof(identity, null, null, null, Instant.now()));
    }

    private static String sid() {
        return "sid-" + UUID.randomUUID();
    }

    private Secret issueTo(Adopted adopted) {
        return issue(Optional.of(adopted.session()), adopted.session().identity());
    }

    private Secret issue(Optional<Session> session, Identity identity) {
        Secret token = Secret.of("at." + UUID.randomUUID());
        outstanding.record(issue(
                session,
                identity,
                new AccessToken(token, "Bearer", Scopes.of("read"), Instant.now(), Duration.ofMinutes(5))));
        return token;
    }

    private Ends.Ended end(String user, String sid, String emailHash, Instant upTo) {
        return ends.logins(new Ends.Logins(TENANT, ISSUER, user, sid, emailHash, upTo), "test", Duration.ofDays(1));
    }

    private void assertLives(Adopted adopted, Client client) {
        assertThat(sessions.byHandle(TENANT, client, adopted.handle()).id())
                .isEqualTo(adopted.session().id());
        sessions.assertStillLive(adopted.session());
    }

    private void assertOver(Adopted adopted, Client client) {
        assertDenied(Reason.SESSION_ENDED, () -> sessions.byHandle(TENANT, client, adopted.handle()));
        assertDenied(Reason.SESSION_ENDED, () -> sessions.assertStillLive(adopted.session()));
    }

    @Test
    @Rules({"H4", "H8"})
    void aLogoutOfOneIdpSessionEndsEveryClientsSessionsInItAndNoOther() {
        String sid = sid();
        Adopted first = adopt(cursor, login(alice, sid, NOON));
        Adopted second = adopt(vscode, login(alice, sid, NOON));
        Adopted elsewhere = adopt(cursor, login(alice, sid(), NOON));
        Adopted other = adopt(cursor, login(bob, sid(), NOON));

        Ends.Ended ended = end(null, sid, null, NOON);

        assertThat(ended.known()).isTrue();
        assertThat(ended.sessions())
                .containsExactlyInAnyOrder(
                        first.session().id(), second.session().id());
        assertOver(first, cursor);
        assertOver(second, vscode);
        assertLives(elsewhere, cursor);
        assertLives(other, cursor);
    }

    @Test
    @Rules({"H8", "H11"})
    void anEndOfAUsersLoginsEndsThoseBegunUntilThenAndHasLaterOnesProvenAgain() throws Exception {
        Adopted before = adopt(cursor, login(alice, sid(), NOON.minusSeconds(10)));
        Adopted at = adopt(cursor, login(alice, null, NOON));
        Adopted after = adopt(cursor, login(alice, sid(), NOON.plusSeconds(1)));
        Adopted other = adopt(cursor, login(bob, sid(), NOON.minusSeconds(10)));

        end(alice.pseudonym(), null, null, NOON);

        assertOver(before, cursor);
        assertOver(at, cursor);
        assertLives(after, cursor);
        Session again = sessions.byHandle(TENANT, cursor, after.handle());
        assertThat(again.isProven(Instant.now().minus(YEAR), Instant.now()))
                .as("it is proven anew before its next use")
                .isFalse();
        assertLives(other, cursor);
        assertThat(sessions.byHandle(TENANT, cursor, other.handle()).isProven(NOON, Instant.now()))
                .isTrue();
    }

    /** A proof that lies at hand is from before the end, however young it is. */
    @Test
    @Rules("H8")
    void aLaterLoginIsProvenByACallAndNotByWhatLiesAtHand() {
        Identity later = login(alice, sid(), NOON.plusSeconds(1));
        Adopted after = adopt(cursor, later);
        List<Secret> sent = new ArrayList<>();
        RefreshGrant idp = (token, known) -> {
            sent.add(token);
            return new Proof(later, null, null, null, Instant.now());
        };
        sessions.prove(after.session(), Instant.now().minus(YEAR), idp);
        assertThat(sent).as("it was proven a moment ago").isEmpty();

        end(alice.pseudonym(), null, null, NOON);
        sessions.prove(
                sessions.byHandle(TENANT, cursor, after.handle()), Instant.now().minus(YEAR), idp);

        assertThat(sent).hasSize(1);
    }

    @Test
    @Rules("H8")
    void anIdpSessionThatIsEndedForOnePersonIsNotOverForAnother() {
        String sid = sid();

        end(bob.pseudonym(), sid, null, NOON);

        assertLives(adopt(cursor, login(alice, sid, NOON)), cursor);
        assertDenied(Reason.SESSION_ENDED, () -> adopt(cursor, login(bob, sid, NOON)));
    }

    @Test
    @Rules("H8")
    void allThatASubjectNamesMustMatch() {
        String sid = sid();
        Adopted mine = adopt(cursor, login(alice, sid, NOON));
        Adopted same = adopt(vscode, login(bob, sid, NOON));

        Ends.Ended ended = end(alice.pseudonym(), sid, null, NOON);

        assertThat(ended.sessions()).containsExactly(mine.session().id());
        assertThat(directory.find(TENANT, same.session().id()).orElseThrow().status())
                .isEqualTo("live");
    }

    @Test
    @Rules("H8")
    void aUserIsFoundByEmailToo() {
        Adopted mine = adopt(cursor, login(alice, sid(), NOON));
        Adopted other = adopt(
                cursor,
                new Identity(bob, sid(), Set.of(), Map.of(), null, NOON).withEmail("email-" + UUID.randomUUID()));

        end(null, null, email, NOON);

        assertOver(mine, cursor);
        assertLives(other, cursor);
    }

    @Test
    void anEndForAnotherIssuerOrTenantMeansNobodyHere() {
        Adopted mine = adopt(cursor, login(alice, sid(), NOON));

        ends.logins(
                new Ends.Logins(TENANT, "https://other.example", alice.pseudonym(), null, null, NOON.minusSeconds(1)),
                "test",
                Duration.ofDays(1));
        Ends.Ended elsewhere = ends.logins(
                new Ends.Logins("globex", ISSUER, "user-of-globex", null, null, NOON), "test", Duration.ofDays(1));

        assertThat(elsewhere.known()).isFalse();
        assertLives(mine, cursor);
    }

    @Test
    @Rules({"F6", "H4"})
    void whatEndedIsNotAdoptedAgainAndANewLoginIs() {
        String sid = sid();
        end(null, sid, null, NOON);
        end(bob.pseudonym(), null, null, NOON);

        assertDenied(Reason.SESSION_ENDED, () -> adopt(cursor, login(alice, sid, NOON.plusSeconds(60))));
        assertDenied(Reason.SESSION_ENDED, () -> adopt(vscode, login(bob, sid(), NOON)));
        assertThat(sessions.isEndedLogin(TENANT, login(alice, sid, null), Instant.now()))
                .isTrue();
        assertThat(sessions.isEndedLogin(TENANT, login(bob, sid(), NOON), Instant.now()))
                .isTrue();
        assertThat(sessions.isEndedLogin(TENANT, login(bob, null, null), NOON.plusSeconds(1)))
                .isFalse();
        assertLives(adopt(vscode, login(bob, sid(), NOON.plusSeconds(1))), vscode);
    }

    @Test
    @Rules({"H4", "H8"})
    void whatHangsOnAnEndedSessionIsPutIntoTheQueueAndNothingElse() {
        String sid = sid();
        Adopted mine = adopt(cursor, login(alice, sid, NOON));
        Adopted other = adopt(cursor, login(bob, sid(), NOON));
        Secret held = issueTo(mine);
        Secret sessionless = issue(Optional.empty(), login(alice, sid, NOON));
        issueTo(other);
        take();

        Ends.Ended ended = end(null, sid, null, NOON);
        List<Due> due = take();

        assertThat(ended.tokens()).isEqualTo(2);
        assertThat(ended.cached()).hasSize(2);
        assertThat(due)
                .filteredOn(token -> token.kind() == Kind.ACCESS)
                .extracting(Due::token)
                .containsExactlyInAnyOrder(held, sessionless);
        assertThat(due)
                .filteredOn(token -> token.kind() == Kind.REFRESH)
                .singleElement()
                .satisfies(token -> {
                    assertThat(token.token().reveal()).startsWith("rt.");
                    assertThat(token.issuer()).isEqualTo(ISSUER);
                    assertThat(token.clientId()).isEqualTo("cursor");
                    assertThat(token.cause()).isEqualTo("test");
                });
    }

    @Test
    @Rules("F6")
    void aTokenThatComesWhenItsSessionIsOverIsInTheQueueAtOnce() {
        Adopted adopted = adopt(cursor, login(alice, sid(), NOON));
        ends.session(TENANT, adopted.session().id(), "admin");
        take();

        Secret late = issueTo(adopted);

        assertThat(take()).extracting(Due::token).containsExactly(late);
    }

    /** The end waits until the token is recorded, or the record finds the end: never neither. */
    @Test
    @Rules("F6")
    void noTokenSlipsThroughBetweenItsRecordAndAnEnd() throws Exception {
        for (int round = 0; round < 20; round++) {
            Adopted adopted = adopt(cursor, login(alice, sid(), NOON));
            take();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Secret> token = threads.submit(() -> issueTo(adopted));
                Future<Ends.Ended> end = threads.submit(
                        () -> ends.session(TENANT, adopted.session().id(), "admin"));
                end.get();
                Secret issued = token.get();

                assertThat(take())
                        .filteredOn(due -> due.kind() == Kind.ACCESS)
                        .extracting(Due::token)
                        .as("in round " + round)
                        .contains(issued);
            }
        }
    }

    /** The refresh was under way when the session ended; what it brought would live on at the IdP. */
    @Test
    @Rules({"B7", "F6", "H4"})
    void aRefreshTokenThatComesTooLateIsRevokedToo() {
        Secret presented = idp.presented();
        Adopted adopted = adopt(presented);
        take();

        assertDenied(
                Reason.SESSION_ENDED,
                () -> sessions.prove(adopted.session(), Instant.now().plus(YEAR), (sent, known) -> {
                    ends.session(TENANT, adopted.session().id(), "admin");
                    return idp.refresh(sent, known);
                }));

        assertThat(take()).extracting(due -> due.token().reveal()).contains(idp.valid);
    }

    @Test
    void whatWasTakenIsInOneHandAndComesBackWhenItIsNotSettled() {
        Adopted adopted = adopt(cursor, login(alice, sid(), NOON));
        Secret token = issueTo(adopted);
        take();
        outstanding.revoke(TENANT, dev.xaabroker.keys.Fingerprint.sha256(token.reveal()), "withheld");

        List<Due> taken = outstanding.take(TENANT, 10, Duration.ofMillis(300));
        assertThat(taken).extracting(Due::token).containsExactly(token);
        assertThat(taken.getFirst().attempts()).isZero();
        assertThat(outstanding.take(TENANT, 10, Duration.ofMinutes(1))).isEmpty();
        assertThat(outstanding.take("globex", 10, Duration.ofMinutes(1))).isEmpty();
        outstanding.again(taken.getFirst().id(), Instant.now().plusSeconds(60));
        assertThat(outstanding.take(TENANT, 10, Duration.ofMinutes(1))).isEmpty();
        outstanding.again(taken.getFirst().id(), Instant.now());

        assertThat(take()).singleElement().satisfies(due -> assertThat(due.attempts())
                .isEqualTo(1));
    }

    @Test
    @Rules("G2")
    void theTokensOfAClientAServerOrAConnectionAreFoundByThat() {
        Adopted adopted = adopt(cursor, login(alice, sid(), NOON));
        Optional<String> none = Optional.empty();
        ends.tokens(TENANT, new Ends.Issued(Optional.of("cursor"), none, none), "of other tests");
        take();
        issueTo(adopted);
        assertThat(ends.tokens(TENANT, new Ends.Issued(Optional.of("vscode"), none, none), "killed")
                        .tokens())
                .isZero();
        assertThat(ends.tokens(TENANT, new Ends.Issued(none, none, Optional.of("files")), "killed")
                        .tokens())
                .as("a connection is named whole")
                .isZero();
        assertThat(ends.tokens(TENANT, new Ends.Issued(none, none, Optional.of("all-files")), "killed")
                        .tokens())
                .isEqualTo(1);
        issueTo(adopted);
        assertThat(ends.tokens(TENANT, new Ends.Issued(Optional.of("cursor"), none, none), "killed")
                        .tokens())
                .isEqualTo(1);
        issueTo(adopted);
        assertThat(ends.tokens(TENANT, new Ends.Issued(none, Optional.of("files"), none), "killed")
                        .tokens())
                .isEqualTo(1);
        assertLives(adopted, cursor);
    }

    @Test
    void aUsersEndIsForEverythingUntilNow() {
        Adopted old = adopt(cursor, login(alice, sid(), NOON));
        Adopted fromAFastClock = adopt(vscode, login(alice, sid(), Instant.now().plusSeconds(20)));

        Ends.Ended ended = ends.user(TENANT, alice.pseudonym(), "killed", Duration.ofDays(1));

        assertThat(ended.sessions()).hasSize(2);
        assertOver(old, cursor);
        assertOver(fromAFastClock, vscode);
        assertDenied(
                Reason.SESSION_ENDED,
                () -> adopt(cursor, login(alice, sid(), Instant.now().minusSeconds(1))));
        assertLives(adopt(cursor, login(alice, sid(), Instant.now().plusSeconds(1))), cursor);
    }

    @Test
    @Rules("H6")
    void aSignalIsSeenOnce() throws Exception {
        String id = "jti-" + UUID.randomUUID();
        assertThat(ends.isSeen(TENANT, id)).isFalse();

        together(5, () -> {
            ends.see(TENANT, id, Duration.ofDays(1));
            return id;
        });

        assertThat(ends.isSeen(TENANT, id)).isTrue();
        assertThat(ends.isSeen("globex", id)).isFalse();
    }

    @Test
    void endsOfTheSameLoginsAtOnceAreOneEnd() throws Exception {
        String sid = sid();
        List<Adopted> mine = List.of(adopt(cursor, login(alice, sid, NOON)), adopt(vscode, login(alice, sid, NOON)));

        List<Ends.Ended> all = together(8, () -> end(null, sid, null, NOON));

        assertThat(all.stream().mapToInt(ended -> ended.sessions().size()).sum())
                .isEqualTo(mine.size());
    }

    @Test
    void nothingIsHalfEndedWhenTheDatabaseFailsInBetween() throws Exception {
        String sid = sid();
        Adopted mine = adopt(cursor, login(alice, sid, NOON));
        issueTo(mine);
        try (Connection other = database.getConnection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeQuery("select id from outstanding_token where session_id = '"
                    + mine.session().id() + "' for update");
            assertUnavailable(() -> end(null, sid, null, NOON));
            other.rollback();
        }

        assertLives(mine, cursor);
        end(null, sid, null, NOON);
        assertOver(mine, cursor);
    }

    /** Both are acknowledged: what the later one ended stays over, whichever is written last. */
    @Test
    @Rules({"F6", "H8"})
    void twoEndsOfOneUserAtOnceLeaveTheLaterOneStanding() throws Exception {
        end(alice.pseudonym(), null, null, NOON.minusSeconds(60));
        try (Connection other = database.getConnection();
                var later = other.prepareStatement("update tombstone set up_to = ? where id = ?")) {
            other.setAutoCommit(false);
            bind(later, at(NOON.plusSeconds(60)), Tombstones.ofUser(alice.pseudonym()));
            assertThat(later.executeUpdate()).isEqualTo(1);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Ends.Ended> earlier = threads.submit(() -> end(alice.pseudonym(), null, null, NOON));
                commitSoon(other);
                earlier.get();
            }
        }

        assertDenied(Reason.SESSION_ENDED, () -> adopt(cursor, login(alice, sid(), NOON.plusSeconds(30))));
    }

    /** It may be the one that is meant: its IdP can tell. */
    @Test
    @Rules({"H4", "H13"})
    void aSessionWhoseLoginIsNotKnownIsProvenAnewAfterALogoutOfItsUser() {
        Adopted unknown = adopt(cursor, login(alice, null, NOON));
        Adopted elsewhere = adopt(vscode, login(alice, sid(), NOON));
        Adopted other = adopt(cursor, login(bob, null, NOON));

        end(alice.pseudonym(), sid(), null, NOON.plusSeconds(1));

        assertThat(isProven(unknown, cursor)).isFalse();
        assertThat(isProven(elsewhere, vscode)).isTrue();
        assertThat(isProven(other, cursor)).isTrue();
    }

    private boolean isProven(Adopted adopted, Client client) {
        return sessions.byHandle(TENANT, client, adopted.handle())
                .isProven(Instant.now().minus(YEAR), Instant.now());
    }

    @Test
    @Rules({"H1", "H4"})
    void aTokenThatIsGivenBackWhileItIsAdoptedIsRevokedAtItsIdp() {
        Secret token = Secret.of("rt." + UUID.randomUUID());
        take();

        assertDenied(
                Reason.SESSION_ENDED,
                () -> sessions.adopt(TENANT, cursor, ISSUER, token, YEAR, (sent, known) -> {
                    ends.given(TENANT, "cursor", token);
                    return new Proof(login(alice, sid(), NOON), null, null, null, Instant.now());
                }));

        assertThat(take()).extracting(Due::token).containsExactly(token);
    }

    @Test
    @Rules("H4")
    void theTokenOfASessionThatBecameSomebodyElsesIsRevokedAtItsIdp() {
        for (boolean rotates : List.of(false, true)) {
            Secret rotated = Secret.of("rt." + UUID.randomUUID());
            Adopted adopted = adopt(cursor, login(alice, sid(), NOON));
            take();
            List<Secret> sent = new ArrayList<>();

            assertDenied(
                    Reason.SESSION_ENDED,
                    () -> sessions.prove(adopted.session(), Instant.now().plus(YEAR), (token, known) -> {
                        sent.add(token);
                        return new Proof(login(bob, sid(), NOON), rotates ? rotated : null, null, null, Instant.now());
                    }));

            assertThat(take()).extracting(Due::token).containsExactly(rotates ? rotated : sent.getFirst());
        }
    }
}
