package dev.xaabroker.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResolverTest {

    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private final CountDownLatch silence = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final Resolver resolver = new Resolver(this::lookup);

    private InetAddress[] lookup(String host) {
        asked.incrementAndGet();
        if (host.startsWith("silent")) {
            waitUntilOver();
        }
        return new InetAddress[] {ADDRESS};
    }

    private void waitUntilOver() {
        boolean over = false;
        while (!over) {
            try {
                over = silence.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException notForNativeCode) {
                over = false;
            }
        }
    }

    @Test
    void oneHostWhoseNameServerKeepsSilentStopsNoOther() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> stuck = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                stuck.add(threads.submit(() -> assertThatExceptionOfType(OutboundException.class)
                        .isThrownBy(() -> resolver.resolve("silent.example", in(500)))));
            }
            Thread.sleep(200);

            assertThat(resolver.resolve("idp.example", in(400))).containsExactly(ADDRESS);
            for (Future<?> each : stuck) {
                each.get();
            }
            assertThat(asked).hasValue(2);
        } finally {
            silence.countDown();
            resolver.close();
        }
    }

    @Test
    void asksAgainOnceTheAnswerCame() {
        resolver.resolve("idp.example", in(5000));
        resolver.resolve("idp.example", in(5000));

        assertThat(asked).hasValue(2);
        resolver.close();
    }

    private static Deadline in(int millis) {
        return Deadline.in(Duration.ofMillis(millis));
    }
}
