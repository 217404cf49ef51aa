package dev.xaabroker.policy;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready without a policy. Asking also tries to load it, as a broker that is not ready gets no other questions. */
@Readiness
@ApplicationScoped
class PolicyHealth implements HealthCheck {

    private final FileManagedConnections connections;

    PolicyHealth(FileManagedConnections connections) {
        this.connections = connections;
    }

    @Override
    public HealthCheckResponse call() {
        try {
            return HealthCheckResponse.named("policy")
                    .up()
                    .withData("revision", connections.current().revision())
                    .build();
        } catch (dev.xaabroker.grant.Refusal refusal) {
            List<Finding> findings = connections.findings();
            return HealthCheckResponse.named("policy")
                    .down()
                    .withData("findings", findings.size())
                    .withData(
                            "first",
                            findings.isEmpty() ? "" : findings.getFirst().toString())
                    .build();
        }
    }
}
