package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bounds with much room, so that a busy machine does not break them; a benchmark measures. */
class PolicyScaleTest {

    @Test
    void tenThousandConnectionsLoadAndDecideLikeTen() {
        Policy small = Example.load(file(10));
        long start = System.nanoTime();
        Policy large = Example.load(file(10_000));
        Duration load = Duration.ofNanos(System.nanoTime() - start);

        assertThat(load).isLessThan(Duration.ofSeconds(20));
        nanosPerDecision(small);
        nanosPerDecision(large);
        assertThat(nanosPerDecision(large)).isLessThan(20 * nanosPerDecision(small) + 50_000);
    }

    private static long nanosPerDecision(Policy policy) {
        Policy.Query query = Example.ask(policy, "cursor", "https://s3.example", "read");
        long start = System.nanoTime();
        for (int i = 0; i < 5_000; i++) {
            assertThat(policy.decide(query, Example.user("g3")) instanceof Decision.Allowed)
                    .isTrue();
        }
        return (System.nanoTime() - start) / 5_000;
    }

    private static String file(int connections) {
        String head = Example.FILE.substring(0, Example.FILE.indexOf("servers:"));
        String servers = IntStream.range(0, connections)
                .mapToObj(i -> "  s%d: { resource: https://s%d.example, audience: https://as%d.example, scopes: [read],"
                                .formatted(i, i, i)
                        + " auth: { method: client_secret_basic, clientId: b, secret: env:SECRET } }\n")
                .collect(Collectors.joining("", "servers:\n", ""));
        String rules = IntStream.range(0, connections)
                .mapToObj(i ->
                        "  - { id: c%d, clients: [cursor, claude], servers: [s%d], users: { groups: [g%d] }, scopes: [read] }\n"
                                .formatted(i, i, i))
                .collect(Collectors.joining("", "connections:\n", ""));
        String tests = IntStream.range(0, connections / 10)
                .mapToObj(i ->
                        "  - { name: t%d, given: { user: { groups: [g%d] }, client: cursor, server: s%d }, expect: { decision: allow } }\n"
                                .formatted(i, i, i))
                .collect(Collectors.joining("", "tests:\n", ""));
        return head + servers + rules + tests;
    }
}
