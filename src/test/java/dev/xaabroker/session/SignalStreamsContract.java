package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.session.SignalStream.Made;
import dev.xaabroker.session.SignalStream.Status;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Streams as the database keeps them. */
abstract class SignalStreamsContract {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");

    @Inject
    SignalStreams streams;

    private final String tenant = "t-" + UUID.randomUUID();

    @Test
    void keepsWhatIsKnownOfEachStream() {
        assertThat(streams.find(tenant, "corp")).isEmpty();
        Made made = new Made("stream-1", List.of("us", "also us"), "https://t.example/poll", "wanted");

        SignalStream known = streams.change(tenant, "corp", NOW, stream -> stream.made(made, Duration.ofMinutes(10))
                .asking("seed", NOW.plusSeconds(1))
                .verified(NOW.plusSeconds(2))
                .heard(NOW.plusSeconds(3))
                .withStatus(Status.PAUSED)
                .degraded(NOW.plusSeconds(4), "paused"));

        assertThat(streams.find(tenant, "corp")).contains(known);
        assertThat(known.begun()).isEqualTo(NOW);
        assertThat(known.made()).isEqualTo(made);
        assertThat(known.silence()).isEqualTo(Duration.ofMinutes(10));
        assertThat(known.degraded()).isEqualTo(new SignalStream.Degradation(NOW.plusSeconds(4), "paused"));
        assertThat(known.told()).isFalse();
        assertThat(streams.find(tenant, "partner")).isEmpty();
        assertThat(streams.find("other", "corp")).isEmpty();

        SignalStream well =
                streams.change(tenant, "corp", NOW, stream -> stream.well().noted());
        assertThat(streams.find(tenant, "corp")).contains(well);
        assertThat(well.degraded()).isNull();
        assertThat(well.told()).isTrue();
    }

    /** Replicas begin with it at once, and change it at once. */
    @Test
    void losesNoChange() throws Exception {
        int writers = 8;
        int each = 5;
        List<Future<?>> underWay = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < writers; writer++) {
                underWay.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        streams.change(tenant, "corp", NOW, stream -> stream.asking("x" + count(stream), NOW));
                    }
                }));
            }
        }
        for (Future<?> one : underWay) {
            one.get();
        }
        assertThat(streams.find(tenant, "corp").orElseThrow().seed()).isEqualTo("x" + (writers * each - 1));
    }

    private static int count(SignalStream stream) {
        String seed = stream.seed();
        return seed == null ? 0 : Integer.parseInt(seed.substring(1)) + 1;
    }
}
