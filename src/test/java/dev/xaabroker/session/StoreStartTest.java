package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.keys.KeyRing;
import io.quarkus.runtime.StartupEvent;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class StoreStartTest {

    private final JdbcDataSource database = new JdbcDataSource();

    StoreStartTest() {
        database.setURL(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
    }

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
}
