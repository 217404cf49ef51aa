package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    private static final int BUDGET = 6;

    private final World world = new World(BUDGET);

    @AfterEach
    void close() {
        world.close();
    }

    private void refresh() {
        world.identityProvider.refresh(world.idpEntry(), world.client(), Secret.of("refresh-token-canary"), null);
    }

    private void forward(Duration time) {
        world.nanos.addAndGet(time.toNanos());
    }

    private void answers(Reply reply) {
        world.idp.instead = request -> reply;
    }

    /** Of a refresh it is said in so many words: the session store then knows that the refresh token was not spent. */
    private static Duration assertNotSent(Failure failure) {
        Failure why = failure instanceof Failure.NotSent unsent ? unsent.otherwise() : failure;
        assertThat(why).isInstanceOf(Unavailable.class);
        assertThat(why.reason()).isEqualTo("idp-unavailable");
        assertThat(why.detail()).contains("nothing was sent");
        return ((Unavailable) why).retryAfter();
    }

    @Test
    void sendsNothingOnceTheBudgetOfTheMinuteIsSpentByRefreshesAndExchanges() {
        for (int i = 0; i < BUDGET / 2; i++) {
            refresh();
            world.leg1();
        }

        assertThat(World.failure(this::refresh)).isInstanceOf(Failure.NotSent.class);
        Duration again = assertNotSent(World.failure(this::refresh));
        assertNotSent(World.failure(world::leg1));

        assertThat(world.idp.tokenRequests()).hasSize(BUDGET);
        assertThat(again).isEqualTo(Duration.ofSeconds(10));
    }

    /** Thousands of tokens are to be revoked after a mass logout: whoever is logged in does not wait for them. */
    @Test
    @Rules("H13")
    void revocationsLeaveHalfOfTheBudgetToSessionsThatLive() {
        for (int i = 0; i < 2 * BUDGET; i++) {
            revoke();
        }

        assertThat(revoke()).isInstanceOfSatisfying(Revoked.Later.class, later -> assertThat(later.after())
                .isEqualTo(Duration.ofSeconds(5)));
        for (int i = 0; i < BUDGET / 2; i++) {
            refresh();
        }
        assertNotSent(World.failure(this::refresh));
    }

    private Revoked revoke() {
        return world.identityProvider.revoke(world.idpEntry(), world.client(), Secret.of("refresh-token-canary"));
    }

    @Test
    void saysWhenToComeBackForWhatCouldWait() {
        assertThat(world.pace.comeBack(world.idpEntry().peer())).isEqualTo(Duration.ofSeconds(5));

        answers(Reply.error(429, "slow_down", "").with("Retry-After", "20"));
        World.failure(this::refresh);

        assertThat(world.pace.comeBack(world.idpEntry().peer())).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void letsOneMoreThroughWhenItsTimeHasComeAndNotBefore() {
        for (int i = 0; i < BUDGET; i++) {
            refresh();
        }

        forward(Duration.ofMillis(9_900));
        assertThat(assertNotSent(World.failure(this::refresh))).isEqualTo(Duration.ofSeconds(1));
        forward(Duration.ofMillis(100));
        refresh();

        assertNotSent(World.failure(this::refresh));
    }

    @ParameterizedTest
    @CsvSource({"429, 20, 20", "503, 20, 20", "500, 20, 20", "429, , 2", "429, 86400, 300"})
    void leavesAnIdpAloneForAsLongAsItAsksFor(int status, String retryAfter, int seconds) {
        Reply busy = new Reply(status, Map.of("Content-Type", "application/json"), "{}");
        answers(retryAfter == null ? busy : busy.with("Retry-After", retryAfter));
        World.failure(this::refresh);
        answers(null);

        forward(Duration.ofSeconds(seconds).minusMillis(1));
        assertThat(assertNotSent(World.failure(this::refresh))).isEqualTo(Duration.ofSeconds(1));
        assertNotSent(World.failure(world::leg1));
        assertThat(world.idp.tokenRequests()).hasSize(1);

        forward(Duration.ofMillis(1));
        refresh();
    }

    /** Who was on the way already and is told a shorter time does not call off the longer one. */
    @Test
    void believesTheLongestWish() {
        world.pace.heard(peer("corp"), answer(429, "60"), world.clock.instant());
        world.pace.heard(peer("corp"), answer(429, "1"), world.clock.instant());

        forward(Duration.ofSeconds(59));

        assertNotSent(World.failure(this::refresh));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void takesAnErrorWithoutAWishForWhatItIs(int status) {
        answers(new Reply(status, Map.of(), ""));
        World.failure(this::refresh);
        answers(null);

        refresh();

        assertThat(world.idp.tokenRequests()).hasSize(2);
    }

    @Test
    void anotherIdpHasItsOwnBudgetAndItsOwnWishes() {
        world.pace.heard(peer("partner"), answer(429, "60"), world.clock.instant());
        for (int i = 0; i < BUDGET; i++) {
            world.pace.refuses(peer("contractors"));
        }

        refresh();

        assertThat(world.idp.tokenRequests()).hasSize(1);
    }

    @Test
    void isTightWhileAnIdpIsLeftAloneAndWhenHalfOfItsBudgetIsGone() {
        Peer corp = peer("corp");
        assertThat(world.pace.isTight(corp)).isFalse();

        for (int i = 0; i < BUDGET / 2; i++) {
            refresh();
        }
        assertThat(world.pace.isTight(corp)).isTrue();

        forward(Duration.ofMinutes(1));
        assertThat(world.pace.isTight(corp)).isFalse();
        world.pace.heard(corp, answer(429, "5"), world.clock.instant());
        assertThat(world.pace.isTight(corp)).isTrue();
        forward(Duration.ofSeconds(5));
        assertThat(world.pace.isTight(corp)).isFalse();
    }

    private static Peer peer(String name) {
        return new Peer(name, Network.PRIVATE, Duration.ofSeconds(5), 1);
    }

    private static dev.xaabroker.outbound.Answer answer(int status, String retryAfter) {
        return new dev.xaabroker.outbound.Answer(status, Map.of("retry-after", retryAfter), "");
    }
}
