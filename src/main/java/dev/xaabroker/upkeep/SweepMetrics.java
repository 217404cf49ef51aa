package dev.xaabroker.upkeep;

import dev.xaabroker.broker.Sweeping.Swept;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What the sweeps of this replica did, as numbers. */
@ApplicationScoped
class SweepMetrics {

    private final MeterRegistry registry;
    private volatile double living = Double.NaN;

    SweepMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("xaa.sessions.live", this, metrics -> metrics.living)
                .description("Live sessions when this replica last swept")
                .register(registry);
    }

    void swept(Swept swept, Duration took) {
        living = swept.living();
        swept.done().forEach((kind, count) -> registry.counter("xaa.upkeep.swept", "kind", kind)
                .increment(count));
        Timer.builder("xaa.upkeep.sweep")
                .description("How long a sweep took")
                .tag("outcome", "done")
                .register(registry)
                .record(took);
    }

    void failed() {
        registry.counter("xaa.upkeep.failures").increment();
    }
}
