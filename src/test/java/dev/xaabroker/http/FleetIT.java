package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Stores;
import io.restassured.response.Response;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three replicas on one Redis and one PostgreSQL. Rounds: {@code -Dxaa.runs}, 100 for the full size. */
class FleetIT {

    private static final int ROUNDS = Math.max(1, Integer.getInteger("xaa.runs", 100 / 33));
    private static final int CALLERS = 1_000;
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    private static BrokerWorld world;
    private static List<BrokerProcess> fleet;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.oauth.requests-per-client-per-minute", "1000000",
                        "xaa.oauth.requests-per-source-per-minute", "1000000"));
        fleet = List.of(world.broker(), world.replica(), world.replica());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    /** The IdP rotates, and revokes the whole family when a spent token comes back. */
    @Test
    @Rules({"B7", "F4"})
    void aThousandCallersOfOneColdKeyCauseOneExchangeAndLoseNoSession() throws Exception {
        world.demo().reset();
        world.idp().behaviour = IdpBehaviour.rotatingRefreshTokens();
        int reuses = world.idp().reuses();
        Tokens login = world.idp().login("cursor-at-idp", DemoUser.ALICE);
        Response adopted =
                world.as("cursor").refreshToken(login.refreshToken()).toWiki().send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        String handle = adopted.path("refresh_token");
        warmUp(handle);

        for (int round = 0; round < ROUNDS; round++) {
            letTheLastProofGrowOld();
            makeTheKeyCold();
            world.idp().recording().reset();
            world.demo().files().recording().reset();

            List<HttpResponse<String>> answers = atOnce(handle);

            assertThat(answers).as("round " + round).allSatisfy(answer -> assertThat(answer.statusCode())
                    .as(answer.body())
                    .isEqualTo(200));
            assertThat(answers.stream().map(FleetIT::token).distinct()).hasSize(1);
            assertThat(world.idp().count("refresh")).as("refreshes").isEqualTo(1);
            assertThat(world.idp().count("token-exchange")).as("leg 1").isEqualTo(1);
            assertThat(world.demo().files().count("jwt-bearer")).as("leg 2").isEqualTo(1);
        }
        assertThat(world.idp().reuses()).isEqualTo(reuses);
    }

    /** A thousand at once ask much of a JVM that still interprets: on two busy cores half a minute, and then 503. */
    private static void warmUp(String handle) {
        for (int i = 0; i < 3; i++) {
            atOnce(handle);
        }
    }

    /** An exchange takes a proof that is younger than five seconds, and needs no refresh then. */
    private static void letTheLastProofGrowOld() throws InterruptedException {
        Thread.sleep(5_500);
    }

    private static void makeTheKeyCold() throws Exception {
        ((Stores.Real) world.stores()).deleteFromRedis("*:tok:*");
    }

    private static List<HttpResponse<String>> atOnce(String handle) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                calls.add(http.sendAsync(
                        world.as("cursor")
                                .at(fleet.get(i % fleet.size()))
                                .refreshToken(handle)
                                .toFiles()
                                .request(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            return calls.stream().map(CompletableFuture::join).toList();
        }
    }

    private static String token(HttpResponse<String> answer) {
        Matcher found = TOKEN.matcher(answer.body());
        assertThat(found.find()).as(answer.body()).isTrue();
        return found.group(1);
    }
}
