package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoKey;
import dev.xaabroker.demo.DemoTransmitter;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A stream of security events that two replicas fetch as one: what it ends, and what holds while it is silent. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StreamIT implements OverHttp {

    /** Longer than any test: what bites sooner bites because the signals are degraded. */
    private static final Duration RECHECK = Duration.ofSeconds(60);

    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final DemoTransmitter TRANSMITTER = new DemoTransmitter();
    private static BrokerWorld world;
    private static Path token;
    private static List<BrokerProcess> replicas;

    @BeforeAll
    static void start() throws Exception {
        token = Files.createTempFile("xaa-ssf", ".token");
        Files.writeString(token, DemoTransmitter.TOKEN);
        world = BrokerWorld.real(
                policy -> listening(policy, "delivery: poll"),
                Map.of("xaa.streams.lease", "PT2S", "xaa.streams.failing-for", "PT3S"));
        replicas = List.of(world.broker(), world.replica());
    }

    private static String listening(String policy, String delivery) {
        String ssf = "ssf: { transmitter: \"" + TRANSMITTER.issuer() + "\", " + delivery + ", token: \"file:" + token
                + "\", verifyEvery: 2s, degradedRecheck: 1s }";
        return policy.replace("recheck: 60s", "recheck: 60s\n    signals: [ssf]\n    " + ssf);
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
        TRANSMITTER.close();
        Files.delete(token);
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    @BeforeEach
    void well() throws Exception {
        TRANSMITTER.reset();
        await(
                "the stream is well",
                () -> degraded() == 0
                        && sql("select count(*) from signal_stream where"
                                        + " verified_at > now() - interval '4 seconds' and status = 'ENABLED'")
                                .equals("1"));
    }

    private static void await(String what, Callable<Boolean> done) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.call()) {
            assertThat(System.nanoTime()).as("in time: " + what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static String sql(String query) throws SQLException {
        try (Connection sql = world.stores().sql();
                Statement statement = sql.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private static double degraded() {
        String metrics =
                RestAssured.given().get(replicas.getLast().url("/q/metrics")).asString();
        return metrics.lines()
                .filter(line -> line.startsWith("xaa_signals_degraded{idp=\"corp\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }

    private static Response connect(String handle, BrokerProcess replica) {
        return world.as("cursor").refreshToken(handle).toFiles().at(replica).send();
    }

    /** A session with a token in the cache, proven a moment ago. */
    private String session(DemoUser user) throws InterruptedException {
        Seconds.awaitNext();
        String handle = handleOf("cursor", user);
        assertThat(connect(handle, replicas.getLast()).statusCode()).isEqualTo(200);
        return handle;
    }

    private String revoked(DemoUser user) {
        return TRANSMITTER.sessionRevoked(world.idp().issuer(), user.sub());
    }

    private static List<Map<String, String>> ledger(String decision) throws SQLException {
        try (Connection sql = world.stores().sql();
                Statement statement = sql.createStatement()) {
            return BrokerWorld.rows(statement.executeQuery(
                    "select * from ledger_entry where decision = '" + decision + "' order by at"));
        }
    }

    @Test
    @Order(1)
    @Rules({"H7", "H10"})
    void aStreamIsMadeAndVerified() throws Exception {
        await("a verification", () -> !TRANSMITTER.acknowledged().isEmpty());

        assertThat(TRANSMITTER.stream)
                .containsEntry("description", "XAA Broker, acme/corp")
                .containsEntry(
                        "delivery",
                        Map.of("method", "urn:ietf:rfc:8936", "endpoint_url", TRANSMITTER.issuer() + "/poll"));
        assertThat(TRANSMITTER.stream.get("events_requested"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .contains(
                        "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
                        "https://schemas.openid.net/secevent/risc/event-type/account-disabled");
        assertThat(sql("select count(*) from signal_stream")).isEqualTo("1");
        assertThat(world.broker().log()).doesNotContain(DemoTransmitter.TOKEN);
    }

    @Test
    @Order(2)
    @Rules({"H7", "H8"})
    void aSessionRevokedByPollIsOverBeforeItIsAcknowledged() throws Exception {
        String handle = session(DemoUser.ALICE);
        String id = sql("select id from sso_session where status = 'LIVE' order by created_at desc limit 1");
        List<String> whenAcknowledged = new CopyOnWriteArrayList<>();
        List<String> ours = new CopyOnWriteArrayList<>();
        TRANSMITTER.onAcknowledged = jti -> {
            if (ours.contains(jti)) {
                try {
                    whenAcknowledged.add(sql("select status from sso_session where id = '" + id + "'"));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ours.add(revoked(DemoUser.ALICE));

        await("it is acknowledged", () -> TRANSMITTER.acknowledged().containsAll(ours));

        assertThat(whenAcknowledged).containsExactly("ENDED");
        for (BrokerProcess replica : replicas) {
            assertThat(connect(handle, replica).<String>path("reason")).isEqualTo("session-ended");
        }
    }

    /** The database is there and does not let the session be ended: nothing may be acknowledged. */
    @Test
    @Order(3)
    @Rules("H7")
    void whatCannotBeDoneIsNotAcknowledgedComesAgainAndActsOnce() throws Exception {
        String handle = session(DemoUser.ALICE);
        String jti;
        try (Connection lock = world.stores().sql();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("lock table sso_session in access exclusive mode");
            jti = revoked(DemoUser.ALICE);
            await(
                    "it is handed out twice",
                    () -> TRANSMITTER.polled().stream().filter(jti::equals).count() >= 2);
            assertThat(TRANSMITTER.acknowledged()).doesNotContain(jti);
            assertThat(TRANSMITTER.refused()).doesNotContainKey(jti);
            lock.rollback();
        }

        await("it is acknowledged", () -> TRANSMITTER.acknowledged().contains(jti));

        assertThat(connect(handle, replicas.getFirst()).<String>path("reason")).isEqualTo("session-ended");
        // A verification that came twice because its acknowledgement was lost is another matter.
        assertThat(TRANSMITTER.refused()).doesNotContainKey(jti);
    }

    @Test
    @Order(4)
    @Rules({"H5", "H7"})
    void badEventsAreRefusedByTheirCodesAndChangeNothing() throws Exception {
        String handle = session(DemoUser.ALICE);
        String idp = world.idp().issuer();
        DemoKey other = DemoKey.generate();
        String key = TRANSMITTER.sessionRevoked(idp, DemoUser.ALICE.sub(), draft -> draft.signWith(other));
        String audience =
                TRANSMITTER.sessionRevoked(idp, DemoUser.ALICE.sub(), draft -> draft.claim("aud", "https://x.example"));
        String issuer =
                TRANSMITTER.sessionRevoked(idp, DemoUser.ALICE.sub(), draft -> draft.claim("iss", "https://x.example"));
        String expiring =
                TRANSMITTER.sessionRevoked(idp, DemoUser.ALICE.sub(), draft -> draft.claim("exp", 4_000_000_000L));

        await("they are refused", () -> TRANSMITTER.refused().size() == 4);

        assertThat(TRANSMITTER.refused())
                .containsEntry(key, "invalid_key")
                .containsEntry(audience, "invalid_audience")
                .containsEntry(issuer, "invalid_issuer")
                .containsEntry(expiring, "invalid_request");
        assertThat(connect(handle, replicas.getFirst()).statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    @Rules("H7")
    void aLostAnswerLosesNothingAndMoreIsFetchedWithoutAPause() throws Exception {
        TRANSMITTER.most = 2;
        String alice = session(DemoUser.ALICE);
        TRANSMITTER.faults().next("poll", dev.xaabroker.demo.Fault.loseAnswer(), dev.xaabroker.demo.Fault.loseAnswer());
        for (int i = 0; i < 20; i++) {
            TRANSMITTER.sessionRevoked(world.idp().issuer(), "nobody-" + i);
        }
        String jti = revoked(DemoUser.ALICE);
        long before = System.nanoTime();

        await("it is acknowledged", () -> TRANSMITTER.acknowledged().contains(jti));

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("eleven polls, and not eleven seconds")
                .isLessThan(Duration.ofSeconds(9));
        assertThat(connect(alice, replicas.getFirst()).<String>path("reason")).isEqualTo("session-ended");
    }

    @Test
    @Order(6)
    @Rules("H7")
    void twoReplicasPollAsOne() throws Exception {
        TRANSMITTER.verifies = false;
        TimeUnit.MILLISECONDS.sleep(500);
        TRANSMITTER.recording().reset();

        TimeUnit.SECONDS.sleep(6);

        assertThat(TRANSMITTER.recording().count("poll")).as("one a second").isBetween(4, 7);
    }

    /** No verification, and so no word of what happened at the IdP: it bites by the re-check, which is shorter now. */
    @Test
    @Order(7)
    @Rules("H10")
    void whileTheSignalsAreSilentAChangeAtTheIdpBitesWithinTheDegradedRecheck() throws Exception {
        String alice = session(DemoUser.ALICE);
        int entries = ledger("signals-degraded").size();
        TRANSMITTER.verifies = false;
        await("the signals are degraded", () -> degraded() == 1);
        assertThat(ledger("signals-degraded")).hasSize(entries + 1).last().satisfies(entry -> assertThat(
                        entry.get("detail"))
                .startsWith("idp=corp no verification for 4 s"));
        assertThat(logs()).contains("ALERT: the signals of an identity provider cannot be relied on");
        for (BrokerProcess replica : replicas) {
            assertThat(connect(alice, replica).statusCode()).isEqualTo(200);
        }

        world.idp().endSessions(DemoUser.ALICE);
        long before = System.nanoTime();
        for (BrokerProcess replica : replicas) {
            await("it is refused", () -> connect(alice, replica).statusCode() == 400);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        System.out.printf(
                "signals degraded: last token after at most %d ms of degradedRecheck 1000 ms%n", took.toMillis());
        assertThat(took).isLessThan(Duration.ofSeconds(1).plus(SLACK)).isLessThan(RECHECK);

        TRANSMITTER.verifies = true;
        await("the signals are well", () -> degraded() == 0);
        await("it is written down", () -> ledger("signals-well").size() >= 1);
        String bob = session(DemoUser.ALICE);
        TimeUnit.SECONDS.sleep(1);
        world.idp().endSessions(DemoUser.ALICE);
        TimeUnit.SECONDS.sleep(3);
        assertThat(connect(bob, replicas.getFirst()).statusCode())
                .as("believed for recheck again")
                .isEqualTo(200);
    }

    private static String logs() throws Exception {
        return replicas.getFirst().log() + replicas.getLast().log();
    }

    @Test
    @Order(8)
    @Rules("H10")
    void aWrongStateIsInvalidAndNoSignOfLife() throws Exception {
        TRANSMITTER.stateInstead = "guessed";

        await("it is refused", () -> TRANSMITTER.refused().containsValue("invalid_state"));
        await("the signals are degraded", () -> degraded() == 1);

        assertThat(TRANSMITTER.refused().values()).containsOnly("invalid_state");
    }

    @Test
    @Order(9)
    @Rules("H10")
    void aPausedStreamIsDegradedAtOnce() throws Exception {
        TRANSMITTER.become("paused", true);

        await("the signals are degraded", () -> degraded() == 1);

        assertThat(ledger("signals-degraded").getLast().get("detail"))
                .isEqualTo("idp=corp the transmitter says that the stream is paused");
    }

    @Test
    @Order(10)
    @Rules("H10")
    void aTransmitterThatIsAwayIsDegradedSoon() throws Exception {
        TRANSMITTER.faults().always("poll", dev.xaabroker.demo.Fault.drop());

        await("the signals are degraded", () -> degraded() == 1);
    }

    /** The same stream, brought instead of fetched. */
    @Test
    @Order(11)
    @Rules({"H6", "H10"})
    void aStreamThatIsPushedIsMadeAndVerifiedToo() throws Exception {
        String file = Files.readString(world.policyFile());
        world.policy(file.replace("delivery: poll", "delivery: push, authorization: \"file:" + token + "\""));
        await("it is verified", () -> TRANSMITTER.pushed().contains(202));

        assertThat(TRANSMITTER.stream.get("delivery"))
                .isEqualTo(Map.of(
                        "method",
                        "urn:ietf:rfc:8935",
                        "endpoint_url",
                        world.issuer() + "/signals/ssf/corp",
                        "authorization_header",
                        DemoTransmitter.TOKEN));
        String handle = session(DemoUser.ALICE);
        revoked(DemoUser.ALICE);
        await("it is over", () -> connect(handle, replicas.getLast()).statusCode() == 400);
        TRANSMITTER.recording().reset();
        TimeUnit.SECONDS.sleep(2);
        assertThat(TRANSMITTER.recording().count("poll")).isZero();

        world.policy(file);
    }

    @Test
    @Order(12)
    @Rules("H7")
    void whenThePollerDiesTheOtherGoesOn() throws Exception {
        BrokerProcess poller = poller();
        BrokerProcess other = poller == replicas.getFirst() ? replicas.getLast() : replicas.getFirst();
        String handle = session(DemoUser.ALICE);
        poller.kill();
        long before = System.nanoTime();

        String jti = revoked(DemoUser.ALICE);
        await("it is acknowledged", () -> TRANSMITTER.acknowledged().contains(jti));

        Duration took = Duration.ofNanos(System.nanoTime() - before);
        System.out.printf("poller killed: the other acknowledged after %d ms, lease 2000 ms%n", took.toMillis());
        assertThat(took).isLessThan(Duration.ofSeconds(2).plus(SLACK));
        assertThat(connect(handle, other).<String>path("reason")).isEqualTo("session-ended");
    }

    /** Who took the lease last, by their logs. */
    private static BrokerProcess poller() throws Exception {
        String took = "This replica looks after a stream of security events now";
        String first = replicas.getFirst().log();
        String last = replicas.getLast().log();
        if (!first.contains(took) || !last.contains(took)) {
            return first.contains(took) ? replicas.getFirst() : replicas.getLast();
        }
        return first.substring(first.lastIndexOf('\n', first.lastIndexOf(took)))
                                .compareTo(last.substring(last.lastIndexOf('\n', last.lastIndexOf(took))))
                        > 0
                ? replicas.getFirst()
                : replicas.getLast();
    }
}
