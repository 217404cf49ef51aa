package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyRingFile;
import dev.xaabroker.keys.Sealer;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreStartTest {

    private final JdbcDataSource database = new JdbcDataSource();

    StoreStartTest() {
        database.setURL(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
    }

    @TempDir
    private Path folder;

    private StoreStart start(String keys) {
        StoreStart start =
                new StoreStart(Flyway.configure().dataSource(database).load(), database, KeyRing.of(keys));
        start.onStart(new StartupEvent());
        return start;
    }

    @Test
    void opensItsOwnDatabaseAgain() {
        String keys = KeyRing.generate();

        assertThat(start(keys).isOpen()).isTrue();
        assertThat(start(keys).isOpen()).isTrue();
    }

    @Test
    void refusesADatabaseThatWasWrittenWithAnotherKeyRing() {
        start(KeyRing.generate());

        assertThatThrownBy(() -> start(KeyRing.generate()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("This database was written with another key ring");
    }

    @Test
    @Rules("K6")
    void refusesAKeyRingWithoutAKeyThatRecordsNeed() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), KeyRing.generate());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        KeyRingFile keys = new KeyRingFile(file);
        start(Files.readString(file));
        SealedWorld world = new SealedWorld(database, new Sealer(KeyRing.of(Files.readString(file))));
        SealedWorld.Stored alice = world.store("acme", false);
        keys.add(Optional.empty());
        keys.makeCurrent("k2");
        assertThat(start(Files.readString(file)).isOpen()).isTrue();
        keys.remove("k1");

        assertThatThrownBy(() -> start(Files.readString(file)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sealed under key k1")
                .hasMessageContaining("put it back");

        // Nothing was noted by the version before.
        world.change("delete from sealing_key where id <> ?", "");
        assertThatThrownBy(() -> start(Files.readString(file)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("put it back");

        world.change("delete from sso_session where id = ?", alice.id());
        assertThat(start(Files.readString(file)).isOpen()).isTrue();
    }
}
