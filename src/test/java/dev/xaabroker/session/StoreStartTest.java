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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
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
        return start(keys, true);
    }

    private StoreStart start(String keys, boolean migrate) {
        StoreStart start = new StoreStart(
                Flyway.configure().dataSource(database).load(), database, KeyRing.of(keys), () -> migrate);
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
    void waitsForTheTablesWhenSomebodyElseMakesThem() throws Exception {
        String keys = KeyRing.generate();
        StoreStart waiting = start(keys, false);

        assertThat(waiting.isOpen()).isFalse();
        assertThat(new StoreHealth(waiting).call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(tables()).as("made by the waiting broker").isZero();

        start(keys);

        for (int look = 0; look < 500 && !waiting.isOpen(); look++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(waiting.isOpen()).isTrue();
        assertThat(new StoreHealth(waiting).call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    private int tables() throws SQLException {
        try (Connection connection = database.getConnection();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from information_schema.tables where table_schema = 'public'")) {
            rows.next();
            return rows.getInt(1);
        }
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
