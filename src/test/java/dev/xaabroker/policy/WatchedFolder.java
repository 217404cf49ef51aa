package dev.xaabroker.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** A folder with a managed-connections file that a broker looks at, the ways in which people change it, and the log of it. */
final class WatchedFolder implements AutoCloseable {

    /** {@link Example#FILE} with a secret in a file beside it, and a deny rule at its very end. */
    static final String FILE = Example.FILE.replace(
                    "secret: env:SECRET }\n    idp: { provider: corp, clientId: cursor-idp",
                    "secret: " + "\"file:secret\" }\n    idp: { provider: corp, clientId: cursor-idp")
            + """
            deny:
              - id: no-contractors
                users: { groups: [contractors] }
                servers: [figma]
                reason: "Trial"
            """;

    private final Path folder;
    private final List<InForce> swapped = new ArrayList<>();
    private final Log log = new Log();
    private FileManagedConnections connections;

    WatchedFolder(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("secret"), "first\n");
        Logger.getLogger(FileManagedConnections.class.getName()).addHandler(log);
    }

    Path file() {
        return folder.resolve("managed-connections.yaml");
    }

    Path secret() {
        return folder.resolve("secret");
    }

    FileManagedConnections startWith(String content) throws IOException {
        Files.writeString(file(), content);
        return start(Optional.of(file()));
    }

    FileManagedConnections start(Optional<Path> path) {
        connections = new FileManagedConnections(
                path,
                false,
                Example::environment,
                swapped::add,
                Clock.fixed(Example.NOW.plus(Duration.ofSeconds(1)), ZoneOffset.UTC));
        connections.start();
        return connections;
    }

    /** As the watch does once what changed keeps still. */
    void lookTwice() {
        connections.look();
        connections.look();
    }

    /** As vi and most editors, {@code mv} and configuration tools do. */
    void rename(String content) throws IOException {
        Path draft = Files.writeString(folder.resolve(".draft"), content);
        Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    void truncateAndWrite(String content) throws IOException {
        Files.writeString(file(), content, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    /** The policies that came into force, in their order. */
    List<InForce> swapped() {
        return swapped;
    }

    List<String> logged() {
        return log.lines;
    }

    @Override
    public void close() {
        Logger.getLogger(FileManagedConnections.class.getName()).removeHandler(log);
    }

    private static final class Log extends Handler {

        private static final Formatter MESSAGE_ONLY = new PatternFormatter("%p %s");
        private final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            lines.add(MESSAGE_ONLY.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
