package dev.xaabroker.demo;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * In dev mode, starts the demo world beside the broker and prints the walk. It comes before everything else that waits for
 * the start, because it writes the managed-connections file that they read.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class DemoStarter {

    private final Path policyFile;
    private final int port;
    private @Nullable DemoWorld world;

    DemoStarter(
            @ConfigProperty(name = "xaa.policy.file", defaultValue = "target/demo/managed-connections.yaml")
                    Path policyFile,
            @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port) {
        this.policyFile = policyFile;
        this.port = port;
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) throws IOException {
        DemoWorld started = DemoWorld.startWithPolicyAt(DemoWorld.Ports.FIXED, policyFile);
        world = started;
        System.out.println("\n" + new Walk("http://127.0.0.1:" + port, started).text());
    }

    /** Gives the ports back to the next live reload; unlike a ShutdownEvent it also comes when the start failed later on. */
    @PreDestroy
    void stop() {
        if (world != null) {
            world.close();
        }
    }
}
