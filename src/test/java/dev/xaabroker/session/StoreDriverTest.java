package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreDriverTest {

    @TempDir
    Path folder;

    private Connection open() throws SQLException {
        return new StoreDriver().connect("jdbc:xaa-embedded:" + folder.resolve("data"), new Properties());
    }

    @Test
    void keepsTheEmbeddedDatabaseFromOthers() throws Exception {
        try (Connection connection = open()) {
            assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("H2");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void refusesASecondNodeWithOneSentence() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherNode.class.getName(),
                        folder.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");

            assertThatThrownBy(this::open)
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith("another broker is using the embedded database in " + folder);
        } finally {
            other.getOutputStream().close();
            assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        open().close();
    }

    /** Holds the database open until its input ends. */
    static final class OtherNode {

        private OtherNode() {}

        public static void main(String[] args) throws Exception {
            try (Connection held = new StoreDriver().connect("jdbc:xaa-embedded:" + args[0], new Properties())) {
                System.out.println(held.isValid(1) ? "open" : "not open");
                while (System.in.read() >= 0) {
                    // Until the test closes it.
                }
            }
        }
    }
}
