package dev.xaabroker.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the ledger, as numbers: connects by how they ended, what the two legs took, and how far the writer lags. A
 * connect counts when its entry is durable, so that the numbers never say more than the ledger.
 */
@ApplicationScoped
class LedgerMetrics {

    private static final Set<String> CONNECTS = Set.of("allowed", "denied", "failed", "withheld", "renewed");
    /** Who went to the IdP and the RAS; those who joined such a flight carry its times too. */
    private static final Set<String> FLEW = Set.of("miss", "renewed");

    private final MeterRegistry registry;

    LedgerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Entries that are not durable yet. */
    void waiting(Collection<?> entries) {
        Gauge.builder("xaa.ledger.waiting", entries, Collection::size)
                .description("Entries that are not durable yet")
                .register(registry);
    }

    void written(Entry entry, Duration took) {
        append("written").record(took);
        if (!CONNECTS.contains(entry.decision())) {
            return;
        }
        Counter.builder("xaa.connects")
                .description("Connects whose entry is in the ledger, by how they ended")
                .tag("decision", entry.decision())
                .tag("reason", code(entry.reason()))
                .tag("cache", entry.cache() == null ? "none" : entry.cache())
                .register(registry)
                .increment();
        if (entry.cache() != null && FLEW.contains(entry.cache())) {
            leg("idp", entry.leg1());
            leg("ras", entry.leg2());
        }
    }

    void failed(Duration took) {
        append("failed").record(took);
    }

    private Timer append(String outcome) {
        return Timer.builder("xaa.ledger.append")
                .description("How long a request waited for its entry to be durable")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void leg(String leg, @Nullable Duration took) {
        if (took != null) {
            Timer.builder("xaa.connect.leg")
                    .description("How long the identity provider and the authorization server took to answer")
                    .tag("leg", leg)
                    .register(registry)
                    .record(took);
        }
    }

    /** Without the names of connections, of which there may be thousands. */
    private static String code(String reason) {
        int colon = reason.indexOf(':');
        return colon < 0 ? reason : reason.substring(0, colon);
    }
}
