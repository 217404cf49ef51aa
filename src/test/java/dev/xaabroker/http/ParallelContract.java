package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.demo.Tokens;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many at once: one exchange for all, one adoption for all, and no token after an end. */
interface ParallelContract extends OverHttp {

    @Test
    @Rules({"F4", "B7"})
    default void twoHundredParallelConnectsOnAColdKeyCauseOneExchange() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();

        List<Response> answers = inParallel(
                200,
                i -> () -> world().as("cursor").refreshToken(handle).toFiles().send());

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200));
        assertThat(answers.stream()
                        .map(answer -> answer.<String>path("access_token"))
                        .distinct())
                .hasSize(1);
        assertThat(world().idp().count("token-exchange")).isEqualTo(1);
        assertThat(world().demo().files().count("jwt-bearer")).isEqualTo(1);
        assertThat(world().idp().count("refresh")).isLessThanOrEqualTo(1);
    }

    /** Whoever loses an answer asks again; some lose several. */
    @Test
    @Rules("B7")
    default void twentyParallelAdoptionsWithLostAnswersSendARotatingTokenOnce() throws Exception {
        world().idp().behaviour = IdpBehaviour.rotatingRefreshTokens();
        int reusesBefore = world().idp().reuses();
        String token = login("cursor", DemoUser.ALICE).refreshToken();

        List<Response> answers = inParallel(20, i -> () -> {
            Random random = new Random(i);
            while (random.nextInt(100) < 60) {
                world().as("cursor").refreshToken(token).toWiki().sendAndHangUp(Duration.ofMillis(random.nextInt(150)));
            }
            return world().as("cursor").refreshToken(token).toWiki().send();
        });

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200));
        List<String> handles = answers.stream()
                .map(answer -> answer.<String>path("refresh_token"))
                .toList();
        assertThat(handles).doesNotHaveDuplicates();
        assertThat(world().idp().recording().requests("refresh").stream()
                        .filter(request -> token.equals(request.param("refresh_token"))))
                .hasSize(1);
        for (String handle : handles) {
            assertThat(world().as("cursor").refreshToken(handle).toWiki().send().statusCode())
                    .isEqualTo(200);
        }
        assertThat(world().idp().reuses()).isEqualTo(reusesBefore);
    }

    @Test
    @Rules("F6")
    default void withholdsATokenWhoseSessionEndedWhileItWasFetched() throws Exception {
        Tokens tokens = login("cursor", DemoUser.ALICE);
        String handle = world().as("cursor")
                .refreshToken(tokens.refreshToken())
                .toWiki()
                .send()
                .path("refresh_token");
        var latch = new java.util.concurrent.CountDownLatch(1);
        world().demo().files().faults().next("jwt-bearer", Fault.holdAnswer(latch));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> slow = executor.submit(
                    () -> world().as("cursor").refreshToken(handle).toFiles().send());
            awaitCount(1);
            world().idp().endSession(tokens.sid());
            Response ended =
                    world().as("cursor").refreshToken(handle).toWiki().fresh().send();
            assertThat(ended.<String>path("reason")).isEqualTo("session-ended");
            latch.countDown();

            Response answer = slow.get();

            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
            assertThat(world().ledger(answer.header("X-Request-Id")))
                    .extracting(row -> row.get("decision"))
                    .contains("withheld");
        }
    }

    private void awaitCount(int jwtBearer) throws InterruptedException {
        for (int i = 0; i < 200 && world().demo().files().count("jwt-bearer") < jwtBearer; i++) {
            Thread.sleep(10);
        }
        assertThat(world().demo().files().count("jwt-bearer")).isEqualTo(jwtBearer);
    }

    private static List<Response> inParallel(int callers, java.util.function.IntFunction<Callable<Response>> call)
            throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(Math.min(callers, 100))) {
            List<Callable<Response>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                calls.add(call.apply(i));
            }
            List<Response> answers = new ArrayList<>();
            for (Future<Response> future : executor.invokeAll(calls)) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
