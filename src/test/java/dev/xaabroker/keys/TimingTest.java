package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingTest {

    private static final long NOW = Minted.NOW.getEpochSecond();

    private final Timing timing = new Timing(Minted.CLOCK, Duration.ofSeconds(30));

    @Test
    @Rules("K4")
    void patienceEndsWithTheSkewAfterExpiry() {
        assertThat(timing.check(claims("exp", NOW - 29))).isEqualTo(Minted.NOW.minusSeconds(29));
        refused("exp", NOW - 30);
        refused("exp", NOW - 31);
    }

    @ParameterizedTest
    @Rules("K4")
    @ValueSource(strings = {"iat", "nbf"})
    void patienceEndsWithTheSkewBeforeTheStart(String claim) {
        timing.check(claims(claim, NOW + 30));
        refused(claim, NOW + 31);
        refused(claim, NOW + 30.5);
    }

    @Test
    @Rules("K4")
    void withoutSkewThereIsNoPatience() {
        Timing strict = new Timing(Minted.CLOCK, Duration.ZERO);
        strict.check(claims("exp", NOW + 1));
        assertThatThrownBy(() -> strict.check(claims("exp", NOW))).isInstanceOf(JwtRejected.class);
    }

    @Test
    @Rules("K4")
    void moreThanAMinuteIsRefusedAtStart() {
        assertThat(new Timing(Minted.CLOCK, Duration.ofSeconds(60)).skew()).hasSeconds(60);
        for (Duration skew :
                new Duration[] {Duration.ofSeconds(61), Duration.ofMillis(60_001), Duration.ofSeconds(-1)}) {
            assertThatThrownBy(() -> new IdTokenVerifier(Minted.CLOCK, skew))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("xaa.keys.clock-skew");
        }
    }

    private void refused(String name, Object value) {
        assertThatThrownBy(() -> timing.check(claims(name, value))).isInstanceOf(JwtRejected.class);
    }

    private static Claims claims(String name, Object value) {
        return new Claims(Minted.claims(name, value));
    }
}
