package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InProcessStateTest extends StateContract {

    private final AtomicLong nanos = new AtomicLong();
    private final State state = new InProcessState(100, nanos::get, Instant.EPOCH);

    @Override
    State state() {
        return state;
    }

    @Override
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    @Rules("F9")
    void refusesWhenFullAndNeverDropsAMark() {
        for (int i = 0; i < 100; i++) {
            assertThat(state.putIfAbsent("mark" + i, new byte[] {1}, SHORT)).isTrue();
        }
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> state.putIfAbsent("one more", new byte[] {1}, SHORT))
                .satisfies(refusal -> assertThat(refusal.failure().reason()).isEqualTo("state-unavailable"));
        assertThat(state.putIfAbsent("mark0", new byte[] {1}, SHORT)).isFalse();
        state.put("mark1", new byte[] {2}, SHORT);
        pass(Duration.ofSeconds(3));
        assertThat(state.putIfAbsent("one more", new byte[] {1}, SHORT)).isTrue();
    }
}
