package dev.xaabroker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import io.quarkus.runtime.ShutdownEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerOnPostgresTest extends LedgerContract {

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Override
    DataSource database() {
        return postgres.getPostgresDatabase();
    }

    @Test
    @Rules("F9")
    void refusesInTimeWhenTheDatabaseHangs() throws Exception {
        SqlLedger ledger = started(new Config(Duration.ofMillis(300), Duration.ofHours(1), 100, 10));
        try (Connection connection = database().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("lock table ledger_entry in exclusive mode");
            Instant before = Instant.now();
            assertUnavailable(ledger, "stuck");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(2));
            connection.rollback();
        }
        ledger.stop(new ShutdownEvent());
    }
}
