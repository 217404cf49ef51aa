package dev.xaabroker.session;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready before the tables are there and the key ring fits: a rolling update goes no further then. What becomes of the
 * database afterwards is no question of this check.
 */
@Readiness
@ApplicationScoped
class StoreHealth implements HealthCheck {

    private final StoreStart start;

    StoreHealth(StoreStart start) {
        this.start = start;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("store").status(start.isOpen()).build();
    }
}
