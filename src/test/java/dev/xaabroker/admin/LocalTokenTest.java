package dev.xaabroker.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTokenTest {

    @TempDir
    Path folder;

    @Test
    void isMadeOnceForTheOwnerAlone() throws Exception {
        Path file = folder.resolve("new/admin.token");

        LocalToken made = LocalToken.readOrCreate(file);
        String token = Files.readString(file).strip();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(made.matches(token)).isTrue();
        assertThat(LocalToken.readOrCreate(file).matches(token)).isTrue();
        assertThat(made).hasToString("LocalToken[" + file + "]");
    }

    @Test
    void isAnotherForEachFile() throws Exception {
        LocalToken.readOrCreate(folder.resolve("a"));
        LocalToken b = LocalToken.readOrCreate(folder.resolve("b"));

        assertThat(b.matches(Files.readString(folder.resolve("a")).strip())).isFalse();
        assertThat(b.matches("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
    void isNotBelievedFromAFileThatIsOpenToOthers(String mode) throws Exception {
        Path file = folder.resolve("admin.token");
        LocalToken.readOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatIllegalStateException()
                .isThrownBy(() -> LocalToken.readOrCreate(file))
                .withMessageContaining("delete it");
    }

    @Test
    void isNotBelievedThroughALink() throws Exception {
        LocalToken.readOrCreate(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("admin.token"), folder.resolve("real"));

        assertThatIllegalStateException()
                .isThrownBy(() -> LocalToken.readOrCreate(link))
                .withMessageContaining("not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xaa_admin_short", "password"})
    void isNoWordOfTheOperatorsOwn(String content) throws Exception {
        Path file = folder.resolve("admin.token");
        LocalToken.readOrCreate(file);
        Files.writeString(file, content);

        assertThatIllegalStateException()
                .isThrownBy(() -> LocalToken.readOrCreate(file))
                .withMessageContaining("delete it and start again");
    }
}
