package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoTransmitter;
import dev.xaabroker.testing.BrokerWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that are ended by events that the broker fetches, in a {@link FleetUnderLoad}. */
class PollFleetIT {

    private static final DemoTransmitter TRANSMITTER = new DemoTransmitter();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static BrokerWorld world;
    private static FleetUnderLoad fleet;
    private static Path token;

    @BeforeAll
    static void start() throws Exception {
        token = Files.createTempFile("xaa-ssf", ".token");
        Files.writeString(token, DemoTransmitter.TOKEN);
        String ssf = "signals: [ssf]\n    ssf: { transmitter: \"" + TRANSMITTER.issuer()
                + "\", delivery: poll, token: \"file:" + token + "\" }";
        world = BrokerWorld.real(
                policy -> policy.replace("recheck: 60s", "recheck: 60s\n    " + ssf), FleetUnderLoad.NO_LIMITS);
        fleet = new FleetUnderLoad(world);
    }

    @AfterAll
    static void stop() throws Exception {
        fleet.close();
        world.close();
        TRANSMITTER.close();
        Files.delete(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {DemoTransmitter.CAEP + "session-revoked", DemoTransmitter.RISC + "account-disabled"})
    @Rules({"F6", "H7", "H13"})
    void noConnectBegunAfterTheAcknowledgementGetsATokenOnAnyReplica(String type) throws Exception {
        ConcurrentMap<String, Long> handedOut = new ConcurrentHashMap<>();
        TRANSMITTER.onPolled = jti -> handedOut.putIfAbsent(jti, System.nanoTime());
        fleet.end("SSF_POLL " + type.substring(type.lastIndexOf('/') + 1), (user, victim) -> {
            String jti = TRANSMITTER.event(type, world.idp().issuer(), user.sub(), draft -> {});
            long patience = System.nanoTime() + PATIENCE.toNanos();
            while (!TRANSMITTER.acknowledged().contains(jti)) {
                assertThat(System.nanoTime()).as("acknowledged in time").isLessThan(patience);
                Thread.sleep(1);
            }
            return handedOut.get(jti);
        });
    }
}
