package dev.xaabroker.policy;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * How the policy stands, as numbers. The alert to have is {@code xaa_policy_findings > 0}: the file is wrong, and an earlier
 * one serves or none.
 */
@Startup
@ApplicationScoped
class PolicyMetrics {

    private final MeterRegistry registry;
    private final FileManagedConnections connections;
    private final Clock clock;

    PolicyMetrics(MeterRegistry registry, FileManagedConnections connections, Clock clock) {
        this.registry = registry;
        this.connections = connections;
        this.clock = clock;
    }

    @PostConstruct
    void register() {
        loads("loaded", Standing::loaded);
        loads("refused", Standing::refused);
        gauge("xaa.policy.findings", "What is wrong with the file as it is now", "", s -> s.findings()
                .size());
        gauge(
                "xaa.policy.connections",
                "Connections of the policy in force",
                "",
                s -> s.policy() == null ? 0 : s.policy().connectionCount());
        gauge(
                "xaa.policy.revision",
                "The first 48 bits of the revision in force: replicas that differ run different files",
                "",
                s -> s.policy() == null ? Double.NaN : number(s.policy().revision()));
        gauge(
                "xaa.policy.loaded.timestamp",
                "When the policy in force was loaded, since 1970",
                "seconds",
                s -> s.since() == null ? Double.NaN : s.since().toEpochMilli() / 1e3);
        gauge(
                "xaa.policy.age",
                "How long ago the policy in force was loaded",
                "seconds",
                s -> s.since() == null ? Double.NaN : seconds(Duration.between(s.since(), clock.instant())));
        gauge(
                "xaa.policy.load.duration",
                "How long the load of the policy in force took",
                "seconds",
                s -> s.policy() == null ? Double.NaN : seconds(s.took()));
    }

    private static double number(String revision) {
        return Long.parseLong(revision, 0, 12, 16);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void loads(String outcome, ToDoubleFunction<Standing> count) {
        FunctionCounter.builder("xaa.policy.loads", connections, c -> count.applyAsDouble(c.standing()))
                .description("Loads of the managed-connections file by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void gauge(String name, String description, String unit, ToDoubleFunction<Standing> value) {
        Gauge.builder(name, connections, c -> value.applyAsDouble(c.standing()))
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .strongReference(true)
                .register(registry);
    }
}
