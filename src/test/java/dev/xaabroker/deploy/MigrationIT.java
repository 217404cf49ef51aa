package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Stores;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The migration Job of the chart, with its own environment, beside brokers that must not change tables. */
class MigrationIT {

    @TempDir
    private Path folder;

    @Test
    void bringsTheTablesAndTheWaitingBrokerGoesOnWithARoleThatCannot() throws Exception {
        try (Stores.Real stores = new Stores.Real()) {
            rolesAsInTheGuide(stores);
            Map<String, String> config = new HashMap<>(stores.config());
            config.put("quarkus.datasource.jdbc.url", stores.postgres().getJdbcUrl("xaa_app", "postgres"));
            config.put("quarkus.datasource.username", "xaa_app");
            config.put("xaa.store.migrate", "false");
            config.put(
                    "xaa.keys.embedded-file", folder.resolve("keys/keys.json").toString());
            try (BrokerProcess broker = BrokerProcess.start(BrokerProcess.freePort(), folder, config)) {
                assertThat(store(broker)).contains("\"DOWN\"");
                assertThat(broker.log()).contains("waits for the migration (xaa.store.migrate=false)");

                Command.Ended job = job(stores.postgres().getJdbcUrl("postgres", "postgres"));

                assertThat(job.code()).as(job.out() + job.err()).isZero();
                assertThat(job.out()).contains("Successfully applied").doesNotContain("Listening on");
                awaitStore(broker);
                assertThatThrownBy(() -> changeATable(stores)).isInstanceOf(SQLException.class);
            }
            assertThat(job(stores.postgres().getJdbcUrl("postgres", "postgres")).code())
                    .as("again, with nothing to do")
                    .isZero();
        }
    }

    @Test
    void failsWhenTheDatabaseDoesNotAnswer() throws Exception {
        assertThat(job("jdbc:postgresql://127.0.0.1:" + BrokerProcess.freePort() + "/xaa")
                        .code())
                .isOne();
    }

    /** The SQL of docs/kubernetes.md; the database's own superuser is the owner here. */
    private static void rolesAsInTheGuide(Stores stores) throws SQLException {
        try (Connection connection = stores.sql();
                Statement sql = connection.createStatement()) {
            sql.execute("create role xaa_app login password 'postgres'");
            sql.execute("alter default privileges for role postgres"
                    + " grant select, insert, update, delete on tables to xaa_app");
            sql.execute("alter default privileges for role postgres grant usage, select on sequences to xaa_app");
        }
    }

    private static void changeATable(Stores.Real stores) throws SQLException {
        try (Connection connection =
                        stores.postgres().getDatabase("xaa_app", "postgres").getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("alter table sso_session add column more int");
        }
    }

    private Command.Ended job(String url) throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : Chart.render("production")
                .one(Job.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()) {
            environment.put(variable.getName(), variable.getValue() == null ? "postgres" : variable.getValue());
        }
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", url);
        environment.put("QUARKUS_DATASOURCE_USERNAME", "postgres");
        return new Command(folder, environment).run();
    }

    private static void awaitStore(BrokerProcess broker) throws Exception {
        for (int look = 0; look < 200 && store(broker).contains("\"DOWN\""); look++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(store(broker)).contains("\"UP\"");
    }

    /** What readiness says of the store. */
    private static String store(BrokerProcess broker) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String health = http.send(
                            HttpRequest.newBuilder(URI.create(broker.url("/q/health/ready")))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return health.replaceAll("(?s).*\"name\"\\s*:\\s*\"store\"\\s*,\\s*(\"status\"\\s*:\\s*\"\\w+\").*", "$1");
        }
    }
}
