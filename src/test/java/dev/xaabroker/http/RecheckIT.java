package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What changes at the IdP without any signal bites within {@code recheck}, on each replica, cached token or not. */
class RecheckIT implements OverHttp {

    private static final Duration RECHECK = Duration.ofSeconds(3);

    /** For the refresh itself, and for a machine that does other things too. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private static BrokerWorld world;
    private static List<BrokerProcess> replicas;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                policy -> policy.replace("recheck: 60s", "recheck: " + RECHECK.toSeconds() + "s"), Map.of());
        replicas = List.of(world.broker(), world.replica());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static Response connect(String handle, BrokerProcess replica) {
        return world.as("cursor").refreshToken(handle).toFiles().at(replica).send();
    }

    /** Connects on both replicas until both refuse; how long after {@code change} the last token was handed out. */
    private Duration lastToken(String handle, Runnable change, String reason) throws Exception {
        long before = System.nanoTime();
        change.run();
        long last = before;
        int refused = 0;
        while (refused < replicas.size()) {
            refused = 0;
            for (BrokerProcess replica : replicas) {
                Response answer = connect(handle, replica);
                if (answer.statusCode() == 200) {
                    last = System.nanoTime();
                } else {
                    assertThat(answer.<String>path("reason"))
                            .as(answer.asString())
                            .isEqualTo(reason);
                    refused++;
                }
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(RECHECK.plus(SLACK));
            Thread.sleep(50);
        }
        return Duration.ofNanos(last - before);
    }

    private String cachedSession() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        assertThat(connect(handle, replicas.getFirst()).statusCode()).isEqualTo(200);
        Response cached = connect(handle, replicas.getLast());
        assertThat(ledgerOf(cached)).containsEntry("cache", "hit");
        return handle;
    }

    @Test
    @Rules({"G1", "F6"})
    void aUserTakenOutOfAGroupIsRefusedWithinRecheckAlthoughTheTokenIsCached() throws Exception {
        String handle = cachedSession();

        Duration last =
                lastToken(handle, () -> world.idp().put(DemoUser.ALICE.withGroups("sales")), "user-not-in-group");

        System.out.printf("taken out of a group: last token after %d ms of recheck 3000 ms%n", last.toMillis());
        world.idp().put(DemoUser.ALICE);
        Thread.sleep(RECHECK);
        assertThat(connect(handle, replicas.getFirst()).statusCode())
                .as("back in the group")
                .isEqualTo(200);
    }

    @Test
    @Rules({"H12", "F6"})
    void aSessionThatTheIdpEndedWithoutASignalIsOverWithinRecheck() throws Exception {
        String handle = cachedSession();

        Duration last = lastToken(handle, () -> world.idp().endSessions(DemoUser.ALICE), "session-ended");

        System.out.printf("session ended at the IdP: last token after %d ms of recheck 3000 ms%n", last.toMillis());
    }
}
