package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.TokenCall;
import io.restassured.response.Response;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A replica is killed at each step of refresh → store → exchange → cache → ledger, and another one goes on with what is left
 * (ADR 12). Sessions per step: {@code -Dxaa.runs}, 50 for the full size; at most ten of them die by one SIGKILL.
 */
class KillMatrixIT {

    private static final int RUNS = Math.max(1, Integer.getInteger("xaa.runs", 50 / 25));
    private static final int BY_ONE_KILL = 10;
    private static final Duration RECHECK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** One world per kind of IdP, started when its turn comes. */
    private static final Map<Kind, Site> SITES = new LinkedHashMap<>();

    private static int users;

    enum Kind {
        /** Rotates, and revokes the family when a spent token comes back, whenever that is. */
        STRICT,
        /** Rotates, and gives the same successor again for 30 s. */
        WITH_GRACE;

        BrokerWorld world() throws Exception {
            return BrokerWorld.real(
                    policy -> policy.replace("recheck: 60s", "recheck: 1s")
                            .replace("profile: id-jag", this == STRICT ? "profile: id-jag" : "profile: okta"),
                    Map.of("xaa.sessions.lease", "PT4S", "xaa.broker.flight-lease", "2s"));
        }

        IdpBehaviour behaviour() {
            IdpBehaviour behaviour = this == STRICT ? new IdpBehaviour() : IdpBehaviour.oktaLike();
            behaviour.rotating = true;
            behaviour.rotationGrace = this == STRICT ? Duration.ZERO : Duration.ofSeconds(30);
            return behaviour;
        }
    }

    /** A world with one replica that stays, and one that is about to be killed. */
    private static final class Site {
        private final BrokerWorld world;
        private CompletableFuture<BrokerProcess> victim;

        Site(BrokerWorld world) {
            this.world = world;
            startVictim();
        }

        void startVictim() {
            victim = new CompletableFuture<>();
            Thread.ofPlatform().name("next-victim").start(() -> {
                try {
                    victim.complete(world.replica());
                } catch (Exception e) {
                    victim.completeExceptionally(e);
                }
            });
        }
    }

    /** One user, and what its client presents: a handle, or the IdP's refresh token that is to be adopted. */
    private record User(DemoUser who, String presented) {}

    @AfterAll
    static void stop() throws Exception {
        for (Site site : SITES.values()) {
            site.victim.join();
            site.world.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rules({"B7", "F4"})
    void atAnIdpWithoutAGrace(KilledAt step) throws Exception {
        killAt(step, Kind.STRICT);
    }

    @ParameterizedTest
    @EnumSource
    @Rules({"B7", "F4"})
    void atAnIdpWithAGrace(KilledAt step) throws Exception {
        killAt(step, Kind.WITH_GRACE);
    }

    private static void killAt(KilledAt step, Kind kind) throws Exception {
        if (!SITES.containsKey(kind)) {
            SITES.put(kind, new Site(kind.world()));
        }
        Site site = SITES.get(kind);
        int kills = 0;
        int sentTwice = 0;
        int ended = 0;
        Duration slowest = Duration.ZERO;
        for (int left = RUNS; left > 0; left -= BY_ONE_KILL) {
            Round round = new Round(site, step, kind, Math.min(left, BY_ONE_KILL));
            round.play();
            kills++;
            sentTwice += round.sentTwice;
            ended += round.ended;
            slowest = round.slowest.compareTo(slowest) > 0 ? round.slowest : slowest;
        }
        System.out.printf(
                "%-10s %-34s %d sessions by %d SIGKILLs: %d go on, %d rotation-lost, %d tokens sent once more, back after %d ms%n",
                kind, step, RUNS, kills, RUNS - ended, ended, sentTwice, slowest.toMillis());
    }

    private static final class Round {
        private final BrokerWorld world;
        private final Site site;
        private final KilledAt step;
        private final Kind kind;
        private final int size;
        private int sentTwice;
        private int ended;
        private Duration slowest = Duration.ZERO;

        Round(Site site, KilledAt step, Kind kind, int size) {
            this.site = site;
            this.world = site.world;
            this.step = step;
            this.kind = kind;
            this.size = size;
        }

        void play() throws Exception {
            BrokerProcess victim = site.victim.join();
            world.demo().reset();
            world.idp().behaviour = kind.behaviour();
            List<User> users = logIn();
            world.idp().recording().reset();
            world.demo().files().recording().reset();
            Instant killed;
            try (HttpClient http = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build();
                    KilledAt.Held held = step.hold(world, size)) {
                List<CompletableFuture<Void>> calls = users.stream()
                        .map(user -> http.sendAsync(
                                        connect(user).at(victim).request(), HttpResponse.BodyHandlers.ofString())
                                .handle((answer, cut) -> {
                                    assertThat(cut)
                                            .as("answered before the kill: " + answer)
                                            .isNotNull();
                                    return (Void) null;
                                }))
                        .toList();
                held.await();
                victim.kill();
                killed = Instant.now();
                site.startVictim();
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
            }
            for (User user : users) {
                judge(user, killed);
            }
            assertTokensWereSentOnce();
        }

        /** Sessions whose last proof is older than {@code recheck}: the next connect refreshes first. */
        private List<User> logIn() throws InterruptedException {
            List<User> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                String name = "user" + ++KillMatrixIT.users;
                DemoUser who = new DemoUser(name, "00u-" + name, name + "@acme.example", List.of("engineering"), "pwd");
                world.idp().put(who);
                String token = world.idp().login("cursor-at-idp", who).refreshToken();
                all.add(new User(who, step.adopting() ? token : handle(token)));
            }
            TimeUnit.NANOSECONDS.sleep(RECHECK.plusMillis(100).toNanos());
            return all;
        }

        private String handle(String token) {
            Response adopted = world.as("cursor").refreshToken(token).toWiki().send();
            assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
            return adopted.path("refresh_token");
        }

        private TokenCall connect(User user) {
            return world.as("cursor").refreshToken(user.presented()).toFiles();
        }

        /** Asks the replica that stayed until it says something final. */
        private void judge(User user, Instant killed) throws Exception {
            Response answer = connect(user).send();
            while (answer.statusCode() == 503 && Instant.now().isBefore(killed.plus(PATIENCE))) {
                assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
                TimeUnit.MILLISECONDS.sleep(200);
                answer = connect(user).send();
            }
            Duration took = Duration.between(killed, Instant.now());
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
            if (step.inDoubt && kind == Kind.STRICT) {
                assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
                assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
                assertThat(answer.<String>path("reason")).isEqualTo("session-ended");
                assertThat(world.ledger(answer.header("X-Request-Id")).getLast().get("detail"))
                        .contains("rotation-lost");
                ended++;
            } else {
                assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
                assertThat(world.demo()
                                .files()
                                .standing(answer.path("access_token"))
                                .orElseThrow()
                                .subject())
                        .isEqualTo(user.who().sub());
            }
        }

        /** From the IdP's own record: each refresh token came once, and twice at most where a grace is declared. */
        private void assertTokensWereSentOnce() throws Exception {
            Map<String, Long> sendings = world.idp().recording().requests("refresh").stream()
                    .collect(Collectors.groupingBy(
                            request -> String.valueOf(request.param("refresh_token")), Collectors.counting()));
            sentTwice =
                    (int) sendings.values().stream().filter(times -> times == 2).count();
            assertThat(sendings.values())
                    .allSatisfy(times -> assertThat(times).isLessThanOrEqualTo(kind == Kind.STRICT ? 1 : 2));
            assertThat(sentTwice).isEqualTo(step.inDoubt && kind == Kind.WITH_GRACE ? size : 0);
            assertThat(world.idp().reuses()).isZero();
            try (Connection sql = world.stores().sql();
                    Statement statement = sql.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "select count(*) from sso_session where end_cause is not null and end_cause <> 'rotation-lost'")) {
                rows.next();
                assertThat(rows.getInt(1))
                        .as("sessions ended for another cause")
                        .isZero();
            }
        }
    }
}
