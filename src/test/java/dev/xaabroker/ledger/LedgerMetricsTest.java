package dev.xaabroker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the numbers say of the entries that were written. */
class LedgerMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LedgerMetrics metrics = new LedgerMetrics(registry);

    private void written(String decision, String reason, @Nullable String cache) {
        metrics.written(
                new Entry(
                        Instant.EPOCH,
                        "request",
                        "acme",
                        null,
                        "cursor",
                        "files",
                        null,
                        null,
                        null,
                        null,
                        null,
                        decision,
                        reason,
                        cache,
                        Duration.ofMillis(20),
                        Duration.ofMillis(30),
                        null,
                        null,
                        null,
                        false,
                        null),
                Duration.ofMillis(3));
    }

    private double connects(String decision, String reason, String cache) {
        Counter counter = registry.find("xaa.connects")
                .tags("decision", decision, "reason", reason, "cache", cache)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void aConnectCountsByHowItEnded() {
        written("allowed", "allowed:engineering-files", "hit");
        written("allowed", "allowed:everyone-wiki", "hit");
        written("denied", "user-not-in-group", null);

        assertThat(connects("allowed", "allowed", "hit")).isEqualTo(2);
        assertThat(connects("denied", "user-not-in-group", "none")).isEqualTo(1);
    }

    @Test
    void noNameOfAConnectionIsALabel() {
        written("allowed", "allowed:engineering-files", "hit");

        assertThat(registry.getMeters().stream()
                        .map(Meter::getId)
                        .flatMap(id -> id.getTags().stream())
                        .map(Tag::getValue))
                .noneMatch(value -> value.contains("engineering"));
    }

    @Test
    void aLegCountsOnceAndNotForThoseWhoJoined() {
        for (String cache : List.of("miss", "joined", "joined", "hit")) {
            written("allowed", "allowed:x", cache);
        }

        assertThat(registry.timer("xaa.connect.leg", "leg", "idp").count()).isEqualTo(1);
        assertThat(registry.timer("xaa.connect.leg", "leg", "ras")
                        .totalTime(java.util.concurrent.TimeUnit.MILLISECONDS))
                .isEqualTo(30);
    }

    @Test
    void whatIsNoConnectIsNotCountedAsOne() {
        written("killed", "user", null);

        assertThat(registry.find("xaa.connects").counters()).isEmpty();
        assertThat(registry.timer("xaa.ledger.append", "outcome", "written").count())
                .isEqualTo(1);
    }

    @Test
    void anEntryThatWasNotWrittenIsNoConnect() {
        metrics.failed(Duration.ofSeconds(2));

        assertThat(registry.find("xaa.connects").counters()).isEmpty();
        assertThat(registry.timer("xaa.ledger.append", "outcome", "failed").count())
                .isEqualTo(1);
    }
}
