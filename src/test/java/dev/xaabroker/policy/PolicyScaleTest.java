package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.User;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Bounds in processor time and with room, so that a busy machine does not break them; {@code ./mvnw -Pbench test}
 * measures.
 */
class PolicyScaleTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Identity USER =
            new Identity(new User("u"), null, Set.of("g3"), Map.of("department", List.of("it")), null, null);

    @Test
    void tenThousandConnectionsWithTheirTestsAndConditionsLoadInSeconds() {
        String file = LargeFile.of(10_000);
        long before = THREADS.getCurrentThreadCpuTime();
        Policy policy = Example.load(file);
        Duration load = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before);

        assertThat(policy.tests()).hasSize(1_000).allMatch(TestResult::passed);
        assertThat(load).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aDecisionAmongTenThousandConnectionsCostsWhatItCostsAmongTen() {
        Policy small = Example.load(LargeFile.of(10));
        Policy large = Example.load(LargeFile.of(10_000));

        nanosPerDecision(small);
        nanosPerDecision(large);
        assertThat(nanosPerDecision(large)).isLessThan(20 * nanosPerDecision(small) + 50_000);
    }

    private static long nanosPerDecision(Policy policy) {
        Policy.Query query = Example.ask(policy, "cursor", "https://s3.example", "read");
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < 5_000; i++) {
            assertThat(policy.decide(query, USER) instanceof Decision.Allowed).isTrue();
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 5_000;
    }
}
