package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import dev.xaabroker.testing.Stores;
import dev.xaabroker.testing.TokenCall;
import io.restassured.response.Response;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A Redis that loses its memory under load, on two replicas: 50 requests a second of 20 users. Seconds of load: {@code
 * -Dxaa.runs}, 60 for the full size.
 */
class RedisAmnesiaIT {

    private static final int SECONDS = Math.max(3, Integer.getInteger("xaa.runs", 60 / 20));
    private static final int PER_SECOND = 50;
    private static final int USERS = 20;
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    private static BrokerWorld world;
    private static Stores.Real stores;
    private static List<BrokerProcess> fleet;
    private List<User> users;

    private record User(DemoUser who, String client, String handle) {}

    private record Asked(User user, Duration took, HttpResponse<String> answer) {}

    private interface Accident {
        void happen() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                policy -> policy.replace("recheck: 60s", "recheck: 2s").replace("tokenTtl: 2m", "tokenTtl: 35s"),
                Map.of());
        stores = (Stores.Real) world.stores();
        fleet = List.of(world.broker(), world.replica());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @BeforeEach
    void login() {
        world.demo().reset();
        world.idp().behaviour = IdpBehaviour.rotatingRefreshTokens();
        users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            DemoUser who = new DemoUser("u" + i, "00u-" + i, "u" + i + "@acme.example", List.of("engineering"), "pwd");
            world.idp().put(who);
            String client = i % 4 == 0 ? "claude-code" : "cursor";
            String atIdp = i % 4 == 0 ? "claude-at-idp" : "cursor-at-idp";
            Response adopted = world.as(client)
                    .refreshToken(world.idp().login(atIdp, who).refreshToken())
                    .toWiki()
                    .send();
            assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
            users.add(new User(who, client, adopted.path("refresh_token")));
        }
    }

    @Test
    @Rules({"A4", "F9", "B7"})
    void restartedEmpty() throws Exception {
        TokenCall used = usedOnce();

        List<Asked> asked = underLoad(() -> {
            stores.stopRedis();
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            stores.startRedis();
        });

        assertThat(count(asked, 503)).as("it was really away").isPositive();
        assertRight(asked);
        assertReplayIsRefused(used);
        assertAllSessionsGoOn();
    }

    @Test
    @Rules({"A4", "F9", "B7"})
    void emptied() throws Exception {
        TokenCall used = usedOnce();

        List<Asked> asked = underLoad(() -> stores.redis("FLUSHALL"));

        assertRight(asked);
        assertReplayIsRefused(used);
        assertAllSessionsGoOn();
    }

    @Test
    @Rules("F9")
    void stalled() throws Exception {
        Matcher process = Pattern.compile("process_id:(\\d+)").matcher(stores.redis("INFO server"));
        assertThat(process.find()).isTrue();

        List<Asked> asked = underLoad(() -> {
            signal("STOP", process.group(1));
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            signal("CONT", process.group(1));
        });

        assertThat(count(asked, 503)).as("it was really away").isPositive();
        assertThat(asked.stream()
                        .filter(one -> one.answer().statusCode() == 503)
                        .filter(one -> one.took().compareTo(Duration.ofSeconds(5)) > 0)
                        .count())
                .as("slow refusals, of %d; a busy machine may stall a few more than Redis did", count(asked, 503))
                .isLessThan(count(asked, 503) / 2 + 1);
        assertRight(asked);
        assertAllSessionsGoOn();
    }

    /** The in-process store of a single node is empty after a restart, too. */
    @Test
    @Rules("A4")
    void aSingleNodeRestarted() throws Exception {
        try (BrokerWorld alone = BrokerWorld.embedded(UnaryOperator.identity(), Map.of())) {
            String token = alone.idp().login("claude-at-idp", DemoUser.ALICE).refreshToken();
            Seconds.awaitNext();
            TokenCall used = alone.as("claude-code").refreshToken(token).toWiki();
            assertThat(used.send().statusCode()).isEqualTo(200);
            alone.stop();
            alone.start();

            assertTooOld(used.at(alone.broker()).send());
            Seconds.awaitNext();
            Response anew = alone.as("claude-code").refreshToken(token).toWiki().send();
            assertThat(anew.statusCode()).as(anew.asString()).isEqualTo(200);
        }
    }

    private static void signal(String signal, String pid) throws Exception {
        new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
    }

    private TokenCall usedOnce() throws InterruptedException {
        Seconds.awaitNext();
        TokenCall call =
                world.as("claude-code").refreshToken(users.get(0).handle()).toWiki();
        Response first = call.send();
        assertThat(first.statusCode()).as(first.asString()).isEqualTo(200);
        Response again = call.send();
        assertThat(again.statusCode()).as("a replay while all is well").isEqualTo(401);
        assertThat(again.<String>path("reason")).isEqualTo("client-unknown");
        return call;
    }

    private void assertReplayIsRefused(TokenCall used) throws InterruptedException {
        for (BrokerProcess replica : fleet) {
            assertTooOld(used.at(replica).send());
        }
        Seconds.awaitNext();
        Response anew = world.as("claude-code")
                .refreshToken(users.get(0).handle())
                .toWiki()
                .send();
        assertThat(anew.statusCode()).as(anew.asString()).isEqualTo(200);
    }

    private static void assertTooOld(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(401);
        assertThat(answer.<String>path("error")).isEqualTo("invalid_client");
        assertThat(answer.<String>path("reason")).isEqualTo("assertion-too-old");
        assertThat(answer.<String>path("error_description")).contains("Sign a new one");
    }

    /** Sends at a steady rate; the accident happens after a third of it. */
    private List<Asked> underLoad(Accident accident) throws Exception {
        int all = SECONDS * PER_SECOND;
        List<CompletableFuture<Asked>> calls = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Thread accidental = new Thread(() -> {
                try {
                    accident.happen();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            long began = System.nanoTime();
            for (int i = 0; i < all; i++) {
                LockSupport.parkNanos(began + i * 1_000_000_000L / PER_SECOND - System.nanoTime());
                if (i == all / 3) {
                    accidental.start();
                }
                calls.add(ask(http, users.get(i % USERS), i));
            }
            accidental.join();
            return calls.stream().map(CompletableFuture::join).toList();
        }
    }

    private CompletableFuture<Asked> ask(HttpClient http, User user, int i) {
        TokenCall call =
                world.as(user.client()).at(fleet.get(i / USERS % fleet.size())).refreshToken(user.handle());
        HttpRequest request = (i % 3 == 0 ? call.toFiles() : call.toWiki()).request();
        long sent = System.nanoTime();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> new Asked(user, Duration.ofNanos(System.nanoTime() - sent), answer));
    }

    private static long count(List<Asked> asked, int status) {
        return asked.stream().filter(one -> one.answer().statusCode() == status).count();
    }

    /** Each answer is this user's token, or not now; a client that signs may be told to sign anew. */
    private void assertRight(List<Asked> asked) {
        System.out.printf(
                "%d requests: %d tokens, %d not now, %d to sign anew; the slowest took %d ms%n",
                asked.size(),
                count(asked, 200),
                count(asked, 503),
                count(asked, 401),
                asked.stream().mapToLong(one -> one.took().toMillis()).max().orElse(0));
        assertThat(count(asked, 200)).isGreaterThan(asked.size() / 4);
        assertThat(asked).allSatisfy(one -> {
            switch (one.answer().statusCode()) {
                case 200 ->
                    assertThat(subject(one.answer().body()))
                            .isEqualTo(one.user().who().sub());
                case 503 ->
                    assertThat(one.answer().headers().firstValue("Retry-After"))
                            .hasValueSatisfying(seconds -> assertThat(seconds).matches("[1-9][0-9]*"));
                default -> {
                    assertThat(one.user().client()).as(one.answer().body()).isEqualTo("claude-code");
                    assertThat(one.answer().body()).contains("\"assertion-too-old\"");
                }
            }
        });
    }

    private static String subject(String answer) {
        Matcher found = TOKEN.matcher(answer);
        assertThat(found.find()).as(answer).isTrue();
        return world.demo()
                .files()
                .standing(found.group(1))
                .or(() -> world.demo().wiki().standing(found.group(1)))
                .orElseThrow()
                .subject();
    }

    /** With the handles that they had, and no spent refresh token sent on the way. */
    private void assertAllSessionsGoOn() throws InterruptedException {
        Seconds.awaitNext();
        for (int i = 0; i < USERS; i++) {
            User user = users.get(i);
            Response answer = world.as(user.client())
                    .at(fleet.get(i % fleet.size()))
                    .refreshToken(user.handle())
                    .toFiles()
                    .send();
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
            assertThat(subject(answer.asString())).isEqualTo(user.who().sub());
        }
        assertThat(world.idp().reuses()).isZero();
    }
}
