package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the policy in force while its files change, for better or for worse. */
class PolicyReloadTest {

    private static final String OTHER = WatchedFolder.FILE.replace("tenant: acme", "tenant: beta");
    private static final String WRONG = WatchedFolder.FILE.replace("clients: [tools]", "clients: [tolls]");

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

    private interface Change {
        void to(String content) throws IOException;
    }

    @Test
    void aRightEditBitesHoweverItIsMade() throws IOException {
        for (Change change : List.<Change>of(folder::rename, folder::truncateAndWrite, this::keepingSizeAndTime)) {
            FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
            change.to(OTHER);

            folder.lookTwice();

            assertThat(connections.current().tenant()).isEqualTo("beta");
        }
    }

    private void keepingSizeAndTime(String content) throws IOException {
        FileTime time = Files.getLastModifiedTime(folder.file());
        assertThat((long) content.length()).isEqualTo(Files.size(folder.file()));
        folder.truncateAndWrite(content);
        Files.setLastModifiedTime(folder.file(), time);
    }

    @Test
    void aConfigMapsSymlinkSwapBites() throws IOException {
        volume("..1", WatchedFolder.FILE);
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Path mounted = Files.createSymbolicLink(
                directory.resolve("managed-connections.yaml"), Path.of("..data", "managed-connections.yaml"));
        FileManagedConnections connections = folder.start(Optional.of(mounted));
        volume("..2", OTHER);
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
        Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        folder.lookTwice();

        assertThat(connections.current().tenant()).isEqualTo("beta");
    }

    private void volume(String name, String content) throws IOException {
        Path volume = Files.createDirectory(directory.resolve(name));
        Files.writeString(volume.resolve("managed-connections.yaml"), content);
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotTakenThoughItIsWellFormed() throws IOException {
        FileManagedConnections connections = folder.startWith(OTHER);
        Policy before = connections.current();
        String half = WatchedFolder.FILE.substring(0, WatchedFolder.FILE.indexOf("deny:"));
        assertThat(Example.load(half, directory).tenant())
                .as("half of it loads")
                .isEqualTo("acme");

        folder.truncateAndWrite(half);
        connections.look();
        assertThat(connections.current()).isSameAs(before);
        folder.truncateAndWrite(WatchedFolder.FILE);
        connections.look();
        assertThat(connections.current()).isSameAs(before);
        connections.look();

        assertThat(folder.swapped()).hasSize(2);
        assertThat(connections.current().revision())
                .isEqualTo(Example.load(WatchedFolder.FILE, directory).revision());
    }

    @Test
    void aWrongEditKeepsTheLastGoodAndSaysSoOnce() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        Policy good = connections.current();
        folder.rename(WRONG);

        folder.lookTwice();
        folder.lookTwice();
        folder.truncateAndWrite(WRONG + "# the same fault in another file\n");
        folder.lookTwice();

        assertThat(connections.current()).isSameAs(good);
        assertThat(connections.standing().stale()).isTrue();
        assertThat(connections.standing().refused()).isEqualTo(2);
        assertThat(folder.logged().stream().filter(line -> line.startsWith("ERROR")))
                .singleElement()
                .asString()
                .contains("revision " + good.revision() + " stays in force")
                .contains(folder.file() + ":35:15: ")
                .contains("did you mean `tools`?");
    }

    @Test
    void aDeletedFileKeepsTheLastGoodUntilItIsBack() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        Policy good = connections.current();
        Files.delete(folder.file());
        folder.lookTwice();
        assertThat(connections.current()).isSameAs(good);
        assertThat(connections.standing().findings()).singleElement().asString().contains("there is no such file");

        folder.rename(WatchedFolder.FILE);
        folder.lookTwice();

        assertThat(connections.standing().stale()).isFalse();
        assertThat(connections.current().revision()).isEqualTo(good.revision());
    }

    @Test
    void goingBackFromAWrongEditIsNotStaleAnyMore() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        folder.rename(WRONG);
        folder.lookTwice();
        assertThat(connections.standing().stale()).isTrue();

        folder.rename(WatchedFolder.FILE);
        folder.lookTwice();

        assertThat(connections.standing().stale()).isFalse();
    }

    @Test
    void aRotatedSecretIsTakenUpUnderTheSameRevision() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        String revision = connections.current().revision();
        Files.writeString(folder.secret(), "second\n");

        folder.lookTwice();

        assertThat(connections.current().client("cursor").orElseThrow().auth())
                .isEqualTo(new ClientAuth.SecretBasic(Secret.of("second")));
        assertThat(connections.current().revision()).isEqualTo(revision);
    }

    @Test
    void aSecretThatIsTakenAwayKeepsTheLastGood() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        Policy good = connections.current();
        Files.delete(folder.secret());

        folder.lookTwice();

        assertThat(connections.current()).isSameAs(good);
        assertThat(connections.standing().findings()).singleElement().asString().contains("file:secret does not exist");
    }

    @Test
    void whatDidNotChangeIsNotReadAgain() throws IOException {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        Files.setLastModifiedTime(folder.file(), FileTime.fromMillis(0));

        folder.lookTwice();

        assertThat(connections.standing().loaded()).isEqualTo(1);
        assertThat(folder.swapped()).hasSize(1);
    }

    @Test
    void aPipeInPlaceOfTheSecretHoldsNothingUp() throws Exception {
        FileManagedConnections connections = folder.startWith(WatchedFolder.FILE);
        Files.delete(folder.secret());
        assertThat(new ProcessBuilder("mkfifo", folder.secret().toString())
                        .start()
                        .waitFor())
                .isZero();

        folder.lookTwice();

        assertThat(connections.standing().stale()).isTrue();
    }

    @Test
    void aFileThatComesIntoTheFolderBitesAndOneThatGoesAwayToo() throws IOException {
        Path conf = Files.createDirectory(directory.resolve("conf"));
        Files.writeString(conf.resolve("a.yaml"), Example.FILE);
        FileManagedConnections connections = folder.start(Optional.of(conf));
        String alone = connections.current().revision();
        Files.writeString(conf.resolve("b.yaml"), """
                apiVersion: xaa/v1
                kind: ManagedConnections
                metadata: { tenant: acme }
                deny:
                  - id: nobody
                    users: any
                    servers: [figma]
                    reason: "Closed"
                """);
        folder.lookTwice();
        assertThat(connections.standing().findings()).isEmpty();
        assertThat(Example.reason(connections
                        .current()
                        .decide(
                                Example.ask(connections.current(), "cursor", Example.FIGMA),
                                Example.user("engineering"))))
                .isEqualTo("denied-by-rule:nobody");

        Files.delete(conf.resolve("b.yaml"));
        folder.lookTwice();

        assertThat(connections.current().revision()).isEqualTo(alone);
    }
}
