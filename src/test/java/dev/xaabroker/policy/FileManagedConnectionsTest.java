package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start, good or bad, and how a broker without a policy comes up by itself. */
class FileManagedConnectionsTest {

    @TempDir
    Path directory;

    private WatchedFolder folder;

    @BeforeEach
    void watch() throws IOException {
        folder = new WatchedFolder(directory);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private static Failure failure(FileManagedConnections connections) {
        return catchThrowableOfType(Refusal.class, connections::current).failure();
    }

    @Test
    void startsWithoutAFileAndRefuses() {
        for (Optional<Path> path : java.util.List.of(Optional.<Path>empty(), Optional.of(folder.file()))) {
            FileManagedConnections connections = folder.start(path);

            folder.lookTwice();

            assertThat(failure(connections)).isInstanceOf(Failure.Unavailable.class);
            assertThat(failure(connections).reason()).isEqualTo("policy-unavailable");
            assertThat(connections.standing().findings()).hasSize(1);
        }
    }

    @Test
    void aBrokenFileIsNoCrashAndTheDetailSaysWhere() throws IOException {
        FileManagedConnections connections =
                folder.startWith(WatchedFolder.FILE.replace("clients: [tools]", "clients: [tolls]"));

        assertThat(failure(connections).detail())
                .contains(folder.file() + ":35:15: ")
                .contains("did you mean `tools`?");
    }

    @Test
    void comesUpByItselfWhenTheFileAppears() throws IOException {
        FileManagedConnections connections = folder.start(Optional.of(folder.file()));
        folder.rename(WatchedFolder.FILE);

        folder.lookTwice();

        assertThat(connections.current().tenant()).isEqualTo("acme");
        assertThat(connections.standing().findings()).isEmpty();
    }

    @Test
    void comesUpByItselfWhenTheFileIsMended() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE.replace("clients:\n", "clientz:\n"));
        folder.truncateAndWrite(WatchedFolder.FILE);

        folder.lookTwice();

        assertThat(connections.current().tenant()).isEqualTo("acme");
    }

    @Test
    void aSecretThatIsMissingIsMendedTheSameWay() throws IOException {
        Files.delete(folder.secret());
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        assertThat(failure(connections).detail()).contains("file:secret does not exist");
        Files.writeString(folder.secret(), "later\n");

        folder.lookTwice();

        assertThat(connections.current().client("cursor").orElseThrow().auth())
                .isEqualTo(new dev.xaabroker.grant.ClientAuth.SecretBasic(dev.xaabroker.grant.Secret.of("later")));
    }

    @Test
    void textThatIsNotUtf8IsAFinding() throws IOException {
        Files.write(folder.file(), new byte[] {'a', ':', ' ', (byte) 0xE9, '\n'});

        assertThat(failure(folder.start(Optional.of(folder.file()))).detail()).contains("not UTF-8");
    }
}
