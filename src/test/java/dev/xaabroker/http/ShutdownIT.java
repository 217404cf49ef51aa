package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A broker that is told to stop leaves nobody without an answer. */
class ShutdownIT implements OverHttp {

    private static final Duration DELAY = Duration.ofSeconds(3);

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(UnaryOperator.identity(), Map.of("quarkus.shutdown.delay", DELAY.toString()));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private int health(String probe) {
        return RestAssured.get(world.broker().url("/q/health/" + probe)).statusCode();
    }

    @Test
    void itIsNotReadyGoesOnForAWhileAndFinishesWhatIsUnderWay() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        assertThat(health("ready")).isEqualTo(200);
        CountDownLatch gate = new CountDownLatch(1);
        world.demo().files().faults().next("jwt-bearer", new Fault.HoldAnswer(gate));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> underWay = threads.submit(
                    () -> world.as("cursor").refreshToken(handle).toFiles().send());
            awaitLegTwo();

            Future<?> stopping = threads.submit(() -> {
                world.broker().close();
                return null;
            });
            long patience = System.nanoTime() + DELAY.toNanos();
            while (health("ready") == 200) {
                assertThat(System.nanoTime()).as("readiness falls at once").isLessThan(patience);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(health("live")).as("it lives").isEqualTo(200);
            Response late = world.as("cursor").refreshToken(handle).toWiki().send();
            assertThat(late.statusCode())
                    .as("who comes in the delay is served: %s", late.asString())
                    .isEqualTo(200);
            TimeUnit.NANOSECONDS.sleep(DELAY.plusMillis(500).toNanos());
            assertThat(stopping.isDone()).as("it waits for the connect").isFalse();
            gate.countDown();

            assertThat(underWay.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            stopping.get(20, TimeUnit.SECONDS);
        }
    }

    private void awaitLegTwo() throws InterruptedException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (world.demo().files().count("jwt-bearer") == 0) {
            assertThat(System.nanoTime()).isLessThan(patience);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
