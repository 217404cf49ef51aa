package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplayMarksTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant UNTIL = NOW.plusSeconds(60);

    private final KeyedHash hash = new KeyedHash(KeyRing.of(KeyRing.generate()));
    private final AtomicLong nanos = new AtomicLong();
    private final ReplayMarks marks = marks(new InProcessState(1000, nanos::get));

    private ReplayMarks marks(State state) {
        return new ReplayMarks(state, hash, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    @Rules("A4")
    void acceptsAnIdOnceUntilItIsOver() {
        assertThat(marks.firstUse("k", "i", "1", UNTIL)).isTrue();
        assertThat(marks.firstUse("k", "i", "1", UNTIL)).isFalse();
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(marks.firstUse("k", "i", "1", UNTIL)).isFalse();
    }

    @Test
    @Rules("A4")
    void keepsKindsAndIssuersApart() {
        assertThat(marks.firstUse("k", "i", "1", UNTIL)).isTrue();
        assertThat(marks.firstUse("k2", "i", "1", UNTIL)).isTrue();
        assertThat(marks.firstUse("k", "i2", "1", UNTIL)).isTrue();
        assertThat(marks.firstUse("k", "i", "2", UNTIL)).isTrue();
        assertThat(marks.firstUse("ki", "", "1", UNTIL)).isTrue();
    }

    @Test
    @Rules("A4")
    void acceptsNothingThatIsOverAlready() {
        assertThat(marks.firstUse("k", "i", "1", NOW)).isFalse();
        assertThat(marks.firstUse("k", "i", "2", NOW.minusSeconds(1))).isFalse();
    }

    @Test
    @Rules("F9")
    void acceptsNothingWhileTheStoreIsDown() throws IOException {
        try (RealRedis redis = new RealRedis()) {
            ReplayMarks shared = marks(new RedisState(redis.client(), Duration.ofSeconds(1), 6));
            assertThat(shared.firstUse("k", "i", "1", UNTIL)).isTrue();
            redis.stop();
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> shared.firstUse("k", "i", "2", UNTIL))
                    .satisfies(refusal -> assertThat(refusal.failure()).isInstanceOf(Failure.Unavailable.class));
        }
    }
}
