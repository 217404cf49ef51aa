package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingFileTest {

    @TempDir
    private Path folder;

    private Path path;
    private KeyRingFile file;

    @BeforeEach
    void write() throws IOException {
        path = Files.writeString(folder.resolve("keys.json"), KeyRing.generate());
        mode("rw-------");
        file = new KeyRingFile(path);
    }

    private void mode(String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private Map<?, ?> keys() throws IOException {
        return (Map<?, ?>) Minted.json(Files.readString(path)).get("keys");
    }

    @Test
    void aNewFileIsForItsOwnerAloneAndNeverReplacesOne() throws Exception {
        Path fresh = folder.resolve("fleet/keys.json");

        new KeyRingFile(fresh).create();

        String made = Files.readString(fresh);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
                .isEqualTo("rw-------");
        assertThat(new KeyRingFile(fresh).current()).isEqualTo("k1");
        assertThatThrownBy(() -> new KeyRingFile(fresh).create()).hasMessageContaining("stays as it is");
        assertThat(Files.readString(fresh)).isEqualTo(made);
    }

    @Test
    void addsARandomKeyAndTouchesNothingElse() throws IOException {
        Map<String, Object> before = Minted.json(Files.readString(path));

        assertThat(file.add(Optional.empty())).isEqualTo("k2");
        assertThat(file.add(Optional.of("summer"))).isEqualTo("summer");

        assertThat(keys().values()).hasSize(3).doesNotHaveDuplicates();
        assertThat(keys().get("k1")).isEqualTo(((Map<?, ?>) before.get("keys")).get("k1"));
        assertThat(Minted.with(Minted.json(Files.readString(path)), "keys", null))
                .isEqualTo(Minted.with(before, "keys", null));
    }

    @Test
    void givesNoIdTwice() throws IOException {
        file.add(Optional.empty());
        file.add(Optional.empty());
        file.makeCurrent("k3");
        file.remove("k1");
        file.remove("k2");

        assertThat(file.add(Optional.empty())).isEqualTo("k4");
        assertThatThrownBy(() -> file.add(Optional.of("k3"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Rules("K6")
    void keepsTheRightsOfTheFileAndLeavesNothingBeside() throws IOException {
        for (String mode : List.of("rw-------", "rw-r-----")) {
            mode(mode);
            file.add(Optional.empty());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo(mode);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void replacesWhatALinkLeadsToAndKeepsTheLink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), path);

        new KeyRingFile(link).add(Optional.empty());

        assertThat(link).isSymbolicLink();
        assertThat(keys()).hasSize(2);
    }

    @Test
    @Rules("K5")
    void refusesWhatWouldNotWorkAndShowsNoKey() throws IOException {
        String key = (String) keys().get("k1");
        file.add(Optional.empty());
        List<Runnable> wrong = List.of(
                () -> file.makeCurrent("k9"),
                () -> file.remove("k9"),
                () -> file.remove("k1"),
                () -> file.add(Optional.of("not an id")));
        for (Runnable edit : wrong) {
            assertThatThrownBy(edit::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(key);
        }
        assertThat(keys().keySet().stream().map(String::valueOf)).containsExactlyInAnyOrder("k1", "k2");
        assertThat(file.current()).isEqualTo("k1");

        mode("rw-r--r--");
        assertThatThrownBy(() -> file.makeCurrent("k2"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chmod 600");
    }
}
