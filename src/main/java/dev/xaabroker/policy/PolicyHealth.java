package dev.xaabroker.policy;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Not ready without a policy. While an earlier one serves for a file that is wrong, ready, and {@code stale}. */
@Readiness
@ApplicationScoped
class PolicyHealth implements HealthCheck {

    private final FileManagedConnections connections;

    PolicyHealth(FileManagedConnections connections) {
        this.connections = connections;
    }

    @Override
    public HealthCheckResponse call() {
        Standing standing = connections.standing();
        Policy policy = standing.policy();
        HealthCheckResponseBuilder health = HealthCheckResponse.named("policy").status(policy != null);
        if (policy != null) {
            health.withData("revision", policy.revision())
                    .withData("since", String.valueOf(standing.since()))
                    .withData("stale", standing.stale());
        }
        List<Finding> findings = standing.findings();
        if (!findings.isEmpty()) {
            health.withData("findings", findings.size())
                    .withData("first", findings.getFirst().toString());
        }
        return health.build();
    }
}
