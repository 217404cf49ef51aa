package dev.xaabroker.outbound;

import static dev.xaabroker.outbound.Bench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanesTest {

    private static final Peer NARROW = new Peer("narrow", Network.PRIVATE, Duration.ofSeconds(20), 2);

    @Test
    @Rules("K2")
    void letsNoMoreRequestsThroughToAPeerThanItsLimit() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer raw = new RawPeer((request, out) -> {
                    arrived.countDown();
                    await(go);
                    return RawPeer.answer(out);
                });
                Bench bench = new Bench(Optional.empty(), true, InetAddress::getAllByName);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> two = new ArrayList<>();
            two.add(threads.submit(() -> bench.post(NARROW, raw.url("/canary"))));
            two.add(threads.submit(() -> bench.post(NARROW, raw.url("/canary"))));
            arrived.await();

            Peer hasty = new Peer("narrow", Network.PRIVATE, Duration.ofMillis(800), 2);
            long began = System.nanoTime();
            assertFails(Kind.NOT_SENT, () -> bench.post(hasty, raw.url("/canary")));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(700));
            assertThat(raw.requests()).isEqualTo(2);

            Future<Answer> third = threads.submit(() -> bench.post(NARROW, raw.url("/canary")));
            go.countDown();
            two.add(third);
            for (Future<Answer> answered : two) {
                assertThat(answered.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    @Rules("K2")
    void keepsPeersApartAndReleasesALaneAfterEveryFailure() throws Exception {
        try (RawPeer raw = RawPeer.answering();
                Bench bench = new Bench(Optional.empty(), true, InetAddress::getAllByName)) {
            for (int i = 0; i < 5; i++) {
                assertFails(Kind.REFUSED, () -> bench.outbound().getMetadata(NARROW, "https://10.0.0.1:0/canary"));
                assertFails(Kind.NOT_SENT, () -> bench.post(NARROW, "https://no.such.name.invalid/canary"));
            }
            assertThat(bench.post(NARROW, raw.url("/canary")).status()).isEqualTo(200);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
