package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MassLogoutBreakerTest {

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final Clock clock = clockOf(() -> now);
    private final MassLogoutBreaker breaker = new MassLogoutBreaker(new TestConfig(), clock);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    @Rules("B10")
    void doubtsAnIdpThatCallsManySessionsDeadAndStopsAsking() {
        for (int i = 0; i < 3; i++) {
            assertThat(dead("corp")).isInstanceOf(Failure.SessionDead.class);
        }

        assertThat(dead("corp")).isInstanceOf(Failure.Unavailable.class);
        assertThat(dead("corp")).isInstanceOf(Failure.NotSent.class);
        assertThat(calls).hasValue(4);
    }

    @Test
    @Rules("B10")
    void believesSingleLogoutsAmongManyLivingSessions() {
        for (int i = 0; i < 10; i++) {
            breaker.guard("corp", () -> "alive");
        }
        for (int i = 0; i < 8; i++) {
            assertThat(dead("corp")).isInstanceOf(Failure.SessionDead.class);
        }
    }

    @Test
    @Rules("B10")
    void closesAfterItsPauseAndLeavesOtherIdpsAlone() {
        for (int i = 0; i < 4; i++) {
            dead("corp");
        }
        assertThat(dead("partner")).isInstanceOf(Failure.SessionDead.class);

        now = now.plus(Duration.ofSeconds(31));

        assertThat(breaker.<String>guard("corp", () -> "alive")).isEqualTo("alive");
    }

    @Test
    @Rules("B10")
    void isNotOpenedByTokensThatWereNeverASession() {
        for (int i = 0; i < 50; i++) {
            Refusal refusal = catchThrowableOfType(
                    Refusal.class,
                    () -> breaker.adopting("corp", () -> {
                        throw new Failure.SessionDead("made up").refusal();
                    }));
            assertThat(refusal.failure()).isInstanceOf(Failure.SessionDead.class);
        }

        assertThat(breaker.<String>guard("corp", () -> "alive")).isEqualTo("alive");
    }

    @Test
    @Rules("B10")
    void adoptsNothingWhileItIsOpen() {
        for (int i = 0; i < 4; i++) {
            dead("corp");
        }

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> breaker.adopting("corp", () -> "never"));

        assertThat(refusal.failure()).isInstanceOf(Failure.NotSent.class);
    }

    private Failure dead(String idp) {
        return catchThrowableOfType(
                        Refusal.class,
                        () -> breaker.guard(idp, () -> {
                            calls.incrementAndGet();
                            throw new Failure.SessionDead("Session not active").refusal();
                        }))
                .failure();
    }

    private static Clock clockOf(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }
}
