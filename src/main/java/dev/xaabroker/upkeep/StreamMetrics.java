package dev.xaabroker.upkeep;

import dev.xaabroker.broker.StreamHealth;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Whether signals can be relied on, as a number. The alert to have is {@code xaa_signals_degraded > 0}. */
@ApplicationScoped
class StreamMetrics {

    private final MeterRegistry registry;
    private final StreamHealth health;
    private final Map<String, IdentityProviderEntry> watched = new ConcurrentHashMap<>();

    StreamMetrics(MeterRegistry registry, StreamHealth health) {
        this.registry = registry;
        this.health = health;
    }

    /** From now on these, and no others. */
    void watch(List<IdentityProviderEntry> idps) {
        idps.forEach(this::watch);
        watched.keySet()
                .retainAll(idps.stream().map(IdentityProviderEntry::name).toList());
    }

    private void watch(IdentityProviderEntry idp) {
        if (watched.put(idp.name(), idp) == null) {
            Gauge.builder("xaa.signals.degraded", this, metrics -> metrics.degraded(idp.name()))
                    .description("1 while the signals of the identity provider cannot be relied on")
                    .tag("idp", idp.name())
                    .register(registry);
        }
    }

    private double degraded(String name) {
        IdentityProviderEntry idp = watched.get(name);
        try {
            return idp == null ? Double.NaN : health.isDegraded(idp) ? 1 : 0;
        } catch (Refusal unknown) {
            return Double.NaN;
        }
    }
}
