package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readiness and Prometheus say of the policy. */
class PolicyStandingTest {

    private static final String WRONG = WatchedFolder.FILE.replace("clients: [tools]", "clients: [tolls]");

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private WatchedFolder folder;

    @BeforeEach
    void watch() throws IOException {
        folder = new WatchedFolder(directory);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    @Test
    void isNotReadyWhileNothingWasEverLoaded() {
        HealthCheckResponse health = new PolicyHealth(folder.start(Optional.of(folder.file()))).call();

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(health.getData().orElseThrow().get("first").toString()).contains("there is no such file");
    }

    @Test
    void isReadyWithAPolicy() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);

        HealthCheckResponse health = new PolicyHealth(connections).call();

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(health.getData().orElseThrow())
                .containsEntry("revision", connections.current().revision())
                .containsEntry("stale", false)
                .doesNotContainKey("first");
    }

    @Test
    void staysReadyAndSaysStaleWhileTheLastGoodServes() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        folder.rename(WRONG);
        folder.lookTwice();

        HealthCheckResponse health = new PolicyHealth(connections).call();

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(health.getData().orElseThrow()).containsEntry("stale", true).containsEntry("findings", 1L);
        assertThat(health.getData().orElseThrow().get("first").toString())
                .contains(":35:15: ")
                .contains("did you mean `tools`?");
    }

    @Test
    void countsLoadsAndShowsWhatStandsInForce() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        Clock later = Clock.fixed(Example.NOW.plus(Duration.ofSeconds(61)), ZoneOffset.UTC);
        new PolicyMetrics(registry, connections, later).register();
        folder.rename(WRONG);
        folder.lookTwice();

        assertThat(loads("loaded")).isEqualTo(1);
        assertThat(loads("refused")).isEqualTo(1);
        assertThat(gauge("xaa.policy.findings")).isEqualTo(1);
        assertThat(gauge("xaa.policy.connections")).isEqualTo(1);
        assertThat(gauge("xaa.policy.age")).isEqualTo(60);
        assertThat(gauge("xaa.policy.loaded.timestamp")).isEqualTo((double) (Example.NOW.getEpochSecond() + 1));
        assertThat(gauge("xaa.policy.load.duration")).isBetween(1e-6, 10.0);
    }

    @Test
    void showsNoLoadBeforeThereWasOne() {
        new PolicyMetrics(registry, folder.start(Optional.of(folder.file())), Clock.systemUTC()).register();

        assertThat(gauge("xaa.policy.connections")).isZero();
        assertThat(gauge("xaa.policy.age")).isNaN();
        assertThat(gauge("xaa.policy.findings")).isEqualTo(1);
    }

    private double loads(String outcome) {
        return registry.get("xaa.policy.loads")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }
}
