package dev.xaabroker.upkeep;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Refuses to start where the settings are unsafe, before anything is opened. Not in dev mode and tests of Quarkus. */
@ApplicationScoped
class StartChecks {

    private static final Logger LOG = Logger.getLogger(StartChecks.class);
    private static final List<String> SWITCHES = List.of(
            "xaa.outbound.development", "xaa.policy.allow-http-on-loopback", "xaa.admin.allow-http-on-loopback");

    private final Config config;

    StartChecks(Config config) {
        this.config = config;
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            return;
        }
        List<String> faults = deployment().faults();
        if (faults.isEmpty()) {
            return;
        }
        faults.forEach(fault -> LOG.fatalf("UNSAFE SETTING: %s", fault));
        throw new IllegalStateException("The broker does not start: " + String.join(" ", faults));
    }

    private Deployment deployment() {
        return new Deployment(
                config.getValue("xaa.oauth.issuer", String.class),
                switches(),
                config.getOptionalValue("xaa.policy.file", Path.class),
                isEmbedded(config.getValue("quarkus.datasource.jdbc.url", String.class)),
                config.getOptionalValue("quarkus.redis.hosts", String.class).isEmpty(),
                Stream.of("xaa.keys.file", "xaa.keys.json").allMatch(name -> config.getOptionalValue(name, String.class)
                        .isEmpty()),
                config.getValue("xaa.replicas", Integer.class));
    }

    /** H2, by our own URL or by the operator's. */
    private static boolean isEmbedded(String url) {
        return url.startsWith("jdbc:xaa-embedded:") || url.startsWith("jdbc:h2:");
    }

    private Set<String> switches() {
        return SWITCHES.stream()
                .filter(name -> config.getOptionalValue(name, Boolean.class).orElse(false))
                .collect(Collectors.toSet());
    }
}
