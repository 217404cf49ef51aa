package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.SingleUse;
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
    private final ReplayMarks marks = marks(new InProcessState(1000, nanos::get, NOW.minusSeconds(10)));

    private ReplayMarks marks(State state) {
        return new ReplayMarks(state, hash, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    @Rules("A4")
    void acceptsAnIdOnceUntilItIsOver() {
        assertThat(marks.use("k", "i", "1", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
        assertThat(marks.use("k", "i", "1", NOW, UNTIL)).isEqualTo(SingleUse.AGAIN);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(marks.use("k", "i", "1", NOW, UNTIL)).isEqualTo(SingleUse.AGAIN);
    }

    @Test
    @Rules("A4")
    void keepsKindsAndIssuersApart() {
        assertThat(marks.use("k", "i", "1", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
        assertThat(marks.use("k2", "i", "1", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
        assertThat(marks.use("k", "i2", "1", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
        assertThat(marks.use("k", "i", "2", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
        assertThat(marks.use("ki", "", "1", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
    }

    @Test
    @Rules("A4")
    void acceptsNothingThatIsOverAlready() {
        assertThat(marks.use("k", "i", "1", NOW, NOW)).isEqualTo(SingleUse.AGAIN);
        assertThat(marks.use("k", "i", "2", NOW, NOW.minusSeconds(1))).isEqualTo(SingleUse.AGAIN);
    }

    @Test
    @Rules("A4")
    void doesNotBelieveWhatWasIssuedBeforeItBeganToRemember() {
        assertThat(marks.use("k", "i", "1", NOW.minusSeconds(11), UNTIL)).isEqualTo(SingleUse.ISSUED_TOO_EARLY);
        assertThat(marks.use("k", "i", "2", NOW.minusSeconds(10), UNTIL)).isEqualTo(SingleUse.FIRST);
    }

    @Test
    @Rules("F9")
    void acceptsNothingWhileTheStoreIsDown() throws IOException {
        try (RealRedis redis = new RealRedis()) {
            ReplayMarks shared =
                    marks(new RedisState(redis.client(), Duration.ofSeconds(1), 6, Clock.fixed(NOW, ZoneOffset.UTC)));
            assertThat(shared.use("k", "i", "1", NOW, UNTIL)).isEqualTo(SingleUse.FIRST);
            redis.stop();
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> shared.use("k", "i", "2", NOW, UNTIL))
                    .satisfies(refusal -> assertThat(refusal.failure()).isInstanceOf(Failure.Unavailable.class));
        }
    }
}
