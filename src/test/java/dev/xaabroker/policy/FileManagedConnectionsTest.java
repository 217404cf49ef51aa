package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileManagedConnectionsTest {

    @TempDir
    Path directory;

    private final MovingClock clock = new MovingClock();
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("managed-connections.yaml");
    }

    @Test
    void startsWithoutAFileAndRefuses() {
        for (FileManagedConnections connections :
                new FileManagedConnections[] {started(Optional.empty()), started(Optional.of(file))}) {
            Failure failure = refusal(connections).failure();

            assertThat(failure).isInstanceOf(Failure.Unavailable.class);
            assertThat(failure.reason()).isEqualTo("policy-unavailable");
            assertThat(connections.findings()).hasSize(1);
        }
    }

    @Test
    void aBrokenFileIsNoCrashAndTheDetailSaysWhere() throws IOException {
        Files.writeString(file, Example.FILE.replace("clients: [tools]", "clients: [tolls]"));

        FileManagedConnections connections = started(Optional.of(file));

        assertThat(refusal(connections).failure().detail())
                .contains(file + ":35:15: ")
                .contains("did you mean `tools`?");
    }

    @Test
    void comesUpByItselfWhenTheFileIsMended() throws IOException {
        FileManagedConnections connections = started(Optional.of(file));
        Files.writeString(file, Example.FILE);

        assertThat(refusal(connections).failure().reason())
                .as("within a second of the last try nothing is read")
                .isEqualTo("policy-unavailable");
        clock.move(Duration.ofSeconds(1));
        assertThat(connections.current().tenant()).isEqualTo("acme");
        assertThat(connections.findings()).isEmpty();
    }

    @Test
    void aSecretThatIsMissingIsMendedTheSameWay() throws IOException {
        Files.writeString(file, Example.FILE.replace("secret: env:SECRET", "secret: file:secret.txt"));
        FileManagedConnections connections = started(Optional.of(file));
        assertThat(refusal(connections).failure().detail()).contains("file:secret.txt does not exist");

        Files.writeString(directory.resolve("secret.txt"), "later\n");
        clock.move(Duration.ofSeconds(2));

        assertThat(connections.current().client("cursor").orElseThrow().auth())
                .isEqualTo(new dev.xaabroker.grant.ClientAuth.SecretBasic(dev.xaabroker.grant.Secret.of("later")));
    }

    @Test
    void aGoodPolicyStaysWhateverHappensToTheFile() throws IOException {
        Files.writeString(file, Example.FILE);
        FileManagedConnections connections = started(Optional.of(file));
        Policy first = connections.current();

        Files.delete(file);
        clock.move(Duration.ofHours(1));

        assertThat(connections.current()).isSameAs(first);
    }

    @Test
    void textThatIsNotUtf8IsAFinding() throws IOException {
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xE9, '\n'});

        assertThat(refusal(started(Optional.of(file))).failure().detail()).contains("not UTF-8");
    }

    @Test
    void isReadyOnlyWithAPolicyAndBecomesReadyByBeingAsked() throws IOException {
        FileManagedConnections connections = started(Optional.of(file));
        PolicyHealth health = new PolicyHealth(connections);

        HealthCheckResponse down = health.call();
        Files.writeString(file, Example.FILE);
        clock.move(Duration.ofSeconds(1));
        HealthCheckResponse up = health.call();

        assertThat(down.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(down.getData().orElseThrow().get("first").toString()).contains("there is no such file");
        assertThat(up.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    private FileManagedConnections started(Optional<Path> path) {
        FileManagedConnections connections = new FileManagedConnections(path, false, Example::environment, clock);
        connections.start();
        return connections;
    }

    private static Refusal refusal(FileManagedConnections connections) {
        return catchThrowableOfType(Refusal.class, connections::current);
    }

    private static final class MovingClock extends Clock {

        private Instant now = Example.NOW;

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
