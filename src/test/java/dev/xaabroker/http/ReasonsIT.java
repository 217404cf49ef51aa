package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each reason of POLICY.md as a client and the ledger see it, and which of two is the answer. */
class ReasonsIT implements OverHttp {

    private static BrokerWorld world;
    private static String policy;
    private static String handle;
    private static String ended;
    private static boolean loggedOut;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of("xaa.policy.watch", "PT0.05S"));
        policy = world.demo().policyYaml();
        ReasonsIT it = new ReasonsIT();
        handle = it.handleOf("cursor", DemoUser.ALICE);
        Tokens tokens = it.login("cursor", DemoUser.ALICE);
        ended = world.as("cursor")
                .refreshToken(tokens.refreshToken())
                .toFiles()
                .send()
                .path("refresh_token");
        world.idp().endSession(tokens.sid());
        Response end = world.as("cursor").refreshToken(ended).toFiles().fresh().send();
        assertThat(end.<String>path("reason")).isEqualTo("session-ended");
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    /** Who was killed logs in anew, and in another second: {@code auth_time} is no finer. */
    private static String afterTheKill(Set<Obstacle> obstacles) throws Exception {
        if (!obstacles.contains(Obstacle.USER_KILLED)
                || obstacles.contains(Obstacle.SESSION_UNKNOWN)
                || obstacles.contains(Obstacle.SESSION_ENDED)) {
            return handle;
        }
        Thread.sleep(1_100);
        return new ReasonsIT().login("cursor", DemoUser.ALICE).refreshToken();
    }

    /** A kill ended the session, also for those who come after it was taken back. */
    private static void ended(Set<Obstacle> obstacles) {
        loggedOut |= obstacles.contains(Obstacle.USER_KILLED);
    }

    private static void loginAgain() throws Exception {
        if (loggedOut) {
            Thread.sleep(1_100);
            world.policy(policy);
            handle = new ReasonsIT().handleOf("cursor", DemoUser.ALICE);
            loggedOut = false;
        }
    }

    private static Response meet(Set<Obstacle> obstacles) throws Exception {
        loginAgain();
        world.policy(Obstacle.together(policy, obstacles));
        List<Map<String, String>> kills = obstacles.stream()
                .map(obstacle -> obstacle.kill)
                .filter(kill -> !kill.isEmpty())
                .toList();
        for (Map<String, String> kill : kills) {
            assertDone(security().post("/admin/kills", because(kill)));
        }
        try {
            return Obstacle.ask(
                            world.as("cursor"),
                            obstacles,
                            afterTheKill(obstacles),
                            ended,
                            world.demo().files().resource())
                    .send();
        } finally {
            for (Map<String, String> kill : kills) {
                assertDone(security().post("/admin/kills/reopen", because(kill)));
            }
            ended(obstacles);
        }
    }

    private static AdminCall security() throws Exception {
        return new AdminCall(world, Files.readString(world.adminTokenFile()).strip());
    }

    private static Map<String, String> because(Map<String, String> kill) {
        Map<String, String> body = new HashMap<>(kill);
        body.put("reason", "test");
        return body;
    }

    private static void assertDone(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    private void assertRefused(Response answer, Obstacle by, Set<Obstacle> obstacles) throws Exception {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.<String>path("reason")).isEqualTo(by.reason);
        assertThat(answer.<String>path("error")).isEqualTo(by.error);
        assertThat(answer.<String>path("owner")).isEqualTo(by.owner);
        assertThat(answer.<String>path("error_description")).isNotBlank();
        assertThat(answer.<String>path("access_token")).isNull();
        Map<String, String> entry = ledgerOf(answer);
        assertThat(entry)
                .containsEntry("decision", "denied")
                .containsEntry("reason", by.reason)
                .containsEntry("client", "cursor")
                .containsEntry("server", obstacles.contains(Obstacle.SERVER_UNKNOWN) ? null : "files")
                .containsEntry("tenant", "acme")
                .containsEntry("revision", world.ready().path("checks.find { it.name == 'policy' }.data.revision"))
                .containsEntry("granted", null);
        boolean known = !by.needsNoUser() && by != Obstacle.SESSION_UNKNOWN && by != Obstacle.SESSION_ENDED;
        assertThat(entry.get("user_id") != null).as("the user is known").isEqualTo(known);
    }

    @Test
    void nothingInTheWay() throws Exception {
        Response answer = meet(Set.of());

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(ledgerOf(answer))
                .containsEntry("decision", "allowed")
                .containsEntry("reason", "allowed:engineering-files");
    }

    @ParameterizedTest
    @EnumSource
    @Rules({"G1", "G2", "G7"})
    void eachReasonAloneIsTheAnswer(Obstacle obstacle) throws Exception {
        assertRefused(meet(EnumSet.of(obstacle)), obstacle, EnumSet.of(obstacle));
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Obstacle.values()).flatMap(first -> Arrays.stream(Obstacle.values())
                .filter(later -> first.compareTo(later) < 0 && first.goesWith(later))
                .map(later -> Arguments.of(first, later)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @Rules("G1")
    void ofTwoTheFirstInTheOrderIsTheAnswer(Obstacle first, Obstacle later) throws Exception {
        assertRefused(meet(EnumSet.of(first, later)), first, EnumSet.of(first, later));
    }

    @Test
    void aLoginThatIsTooWeakIsToldWhatIsNeeded() throws Exception {
        Response answer = meet(EnumSet.of(Obstacle.ASSURANCE_TOO_LOW));

        assertThat(answer.<String>path("acr_values")).isEqualTo("gold");
    }

    @Test
    @Rules("G1")
    void aConnectionOnTrialLetsNobodyOutAndTellsOfThoseWhoAreKnown() throws Exception {
        world.policy(policy.replaceFirst("(?m)^( *)- id: engineering-files$", "$0\n$1  mode: audit"));
        Tokens login = world.idp().login("cursor-at-idp", DemoUser.ALICE);
        world.demo().reset();

        Response stranger =
                world.as("cursor").refreshToken(login.refreshToken()).toFiles().send();
        Response known = world.as("cursor").refreshToken(handle).toFiles().send();

        for (Response answer : List.of(stranger, known)) {
            assertThat(answer.<String>path("reason")).as(answer.asString()).isEqualTo("no-connection");
        }
        assertThat(world.idp().recording().requests()).isEmpty();
        assertThat(ledgerOf(stranger).get("detail")).contains("would-allow-unproven:engineering-files");
        assertThat(ledgerOf(known).get("detail"))
                .contains("would-allow:engineering-files")
                .doesNotContain("unproven");
    }
}
