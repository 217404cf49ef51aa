package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.TokenCall;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The policy file changed under a running broker, rightly and wrongly, with the watch as it is shipped. */
class ReloadIT implements OverHttp {

    private static final Duration BITE = Duration.ofSeconds(2);
    /** Requests per second; the brief asks for 500. */
    private static final int RATE = Integer.getInteger("xaa.runs", 500);

    private static BrokerWorld world;
    private static String good;
    private static String taken;
    private static String wrong;
    private String handle;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.oauth.requests-per-client-per-minute", "100000",
                        "xaa.oauth.requests-per-source-per-minute", "100000"));
        good = world.demo().policyYaml();
        taken = good.replace("users: { groups: [engineering] }", "users: { groups: [design] }");
        wrong = taken.replace("clients: [coding-tools]", "clients: [coding-tolls]");
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    @BeforeEach
    void login() throws Exception {
        world.policy(good);
        handle = handleOf("cursor", DemoUser.ALICE);
    }

    private Response connect() {
        return world.as("cursor").refreshToken(handle).toFiles().send();
    }

    private static Object ofPolicy(String data) {
        return world.ready().path("checks.find { it.name == 'policy' }.data." + data);
    }

    private static void await(Callable<Boolean> done) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!done.call()) {
            assertThat(Instant.now()).isBefore(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private interface Way {
        void change(String content) throws Exception;
    }

    /** A right edit: when it was made, when it was seen to be in force, and whether it allows. */
    private record Edit(long at, long seen, boolean allows) {}

    /** How long a wrong file stood there. */
    private record Wrong(long from, long until) {
        long answeredIn(List<Traffic.Answer> answers) {
            return answers.stream()
                    .filter(answer -> answer.sent() > from && answer.done() < until)
                    .count();
        }
    }

    @Test
    @Rules({"G1", "G2"})
    void aWrongEditUnderLoadHarmsNothingAndARightOneBitesWithinTwoSeconds() throws Exception {
        MountedPolicy file = new MountedPolicy(world.policyFile());
        assertThat(connect().statusCode()).isEqualTo(200);
        List<Edit> edits = new ArrayList<>();
        List<Wrong> wrongEdits = new ArrayList<>();
        List<Traffic.Answer> answers;
        try (Traffic traffic = new Traffic(
                world.broker().url("/oauth2/token"),
                handle,
                world.demo().files().resource(),
                RATE)) {
            edits.add(new Edit(System.nanoTime(), System.nanoTime(), true));
            warmUp(traffic);
            for (Way way : List.<Way>of(file::swap, file::writeInPlace, file::rename)) {
                long from = System.nanoTime();
                way.change(wrong);
                await(() -> Boolean.TRUE.equals(ofPolicy("stale")));
                TimeUnit.MILLISECONDS.sleep(500);
                wrongEdits.add(new Wrong(from, System.nanoTime()));
                for (boolean allows : new boolean[] {false, true}) {
                    long at = System.nanoTime();
                    way.change(allows ? good : taken);
                    await(() ->
                            Boolean.FALSE.equals(ofPolicy("stale")) && connect().statusCode() == (allows ? 200 : 400));
                    edits.add(new Edit(at, System.nanoTime(), allows));
                    TimeUnit.MILLISECONDS.sleep(500);
                }
            }
            traffic.close();
            answers = traffic.answers();
            System.out.printf("%d requests, %.0f per second of %d%n", answers.size(), traffic.perSecond(), RATE);
        }
        assertThat(answers).allSatisfy(answer -> assertThat(isRight(answer, edits))
                .as("%s %s", answer.status(), answer.body())
                .isTrue());
        wrongEdits.forEach(wrongEdit -> assertThat(wrongEdit.answeredIn(answers))
                .as("a wrong edit met traffic")
                .isPositive());
        for (Edit edit : edits.subList(1, edits.size())) {
            Duration bite = biteOf(edit, answers);
            System.out.printf(
                    "an edit that %s bit within %d ms%n", edit.allows() ? "gives back" : "takes away", bite.toMillis());
            assertThat(bite).isLessThan(BITE);
        }
    }

    /** A cold broker is slow, which is not the question here; nor is how busy the machine is. */
    private static void warmUp(Traffic traffic) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(15);
        while (traffic.answers().size() < 3 * RATE && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Under way between an edit and the moment at which it was seen in force, it may be of either policy; else of one. */
    private static boolean isRight(Traffic.Answer answer, List<Edit> edits) {
        boolean either =
                edits.stream().skip(1).anyMatch(edit -> answer.done() > edit.at() && answer.sent() < edit.seen());
        Edit inForce = edits.stream()
                .filter(edit -> edit.at() <= answer.sent())
                .reduce(edits.getFirst(), (earlier, later) -> later);
        boolean refused = answer.refused("user-not-in-group");
        return either ? answer.allowed() || refused : inForce.allows() ? answer.allowed() : refused;
    }

    /** From the edit to the first answer of the new policy to a request sent after it. */
    private static Duration biteOf(Edit edit, List<Traffic.Answer> answers) {
        long first = answers.stream()
                .filter(answer -> answer.sent() > edit.at() && answer.allowed() == edit.allows())
                .mapToLong(Traffic.Answer::done)
                .min()
                .orElseThrow();
        return Duration.ofNanos(first - edit.at());
    }

    @Test
    @Rules({"G2", "F2"})
    void aRuleTakenAwayBitesOnACachedTokenAndCallsNobody() throws Exception {
        connect();
        assertThat(ledgerOf(connect())).containsEntry("cache", "hit");
        world.demo().reset();

        world.policy(taken);
        Response answer = connect();

        assertThat(answer.<String>path("reason")).isEqualTo("user-not-in-group");
        assertThat(answer.<String>path("access_token")).isNull();
        assertThat(world.idp().recording().requests()).isEmpty();
        assertThat(ledgerOf(answer)).containsEntry("decision", "denied").containsEntry("cache", null);
    }

    @Test
    void aWrongEditIsSeenInReadinessMetricsAndLog() throws Exception {
        Files.writeString(world.policyFile(), wrong);
        await(() -> Boolean.TRUE.equals(ofPolicy("stale")));

        assertThat(world.ready().statusCode()).isEqualTo(200);
        assertThat(ofPolicy("first").toString())
                .contains("managed-connections.yaml:")
                .contains("did you mean `coding-tools`?");
        assertThat(world.get("/q/metrics").asString())
                .containsPattern("xaa_policy_loads_total\\{[^}]*outcome=\"refused\"[^}]*} [1-9]")
                .containsPattern("(?m)^xaa_policy_findings(\\{[^}]*})? 2\\.0")
                .containsPattern("(?m)^xaa_policy_connections(\\{[^}]*})? 2\\.0")
                .containsPattern("(?m)^xaa_policy_age_seconds(\\{[^}]*})? [0-9]");
        assertThat(world.broker().log()).contains("stays in force: " + world.policyFile());
    }

    @Test
    void aRotatedSecretIsTakenUpWithoutARestart() throws Exception {
        Path secret = world.policyFile().resolveSibling("demo").resolve("secrets/cursor");
        String before = Files.readString(secret);
        try {
            Files.writeString(secret, "rotated");
            await(() -> connect().statusCode() == 401);

            TokenCall renewed =
                    world.as("cursor").withoutHeader("Authorization").basic("cursor", "rotated");
            assertThat(renewed.refreshToken(handle).toFiles().send().statusCode())
                    .isEqualTo(200);
        } finally {
            Files.writeString(secret, before);
            await(() -> connect().statusCode() == 200);
        }
    }

    @Test
    @Rules("G7")
    void theLedgersRevisionLeadsToWhatWasInForce() throws Exception {
        world.policy(taken);
        String revision = ledgerOf(connect()).get("revision");

        try (Connection sql = world.stores().sql();
                PreparedStatement select = sql.prepareStatement("select * from policy_revision where revision = ?")) {
            select.setString(1, revision);
            ResultSet row = select.executeQuery();
            assertThat(row.next()).isTrue();
            assertThat(Fingerprint.sha256(row.getString("content"))).isEqualTo(revision);
            assertThat(row.getString("content")).contains("design").doesNotContain("cursor-demo-secret");
            assertThat(row.getString("file")).isEqualTo(world.policyFile().toString());
            assertThat(row.getString("last_loaded_by"))
                    .endsWith(":" + world.broker().pid());
        }
    }

    @Test
    void aColdStartWithABrokenFileRefusesAndComesUpByItselfWhenItIsMended() throws Exception {
        world.stop();
        Files.writeString(world.policyFile(), wrong);
        world.start();
        try {
            Response answer = connect();

            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
            assertThat(answer.<String>path("error")).isEqualTo("temporarily_unavailable");
            assertThat(answer.<String>path("reason")).isEqualTo("policy-unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(world.ready().statusCode()).isEqualTo(503);
            assertThat(ofPolicy("first").toString()).contains("did you mean `coding-tools`?");
        } finally {
            Files.writeString(world.policyFile(), good);
        }
        await(() -> connect().statusCode() == 200);
        assertThat(world.ready().statusCode()).isEqualTo(200);
    }
}
