package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.Fingerprint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the history must do, whichever database stands behind it. */
abstract class PolicyHistoryContract {

    private static final Path FILE = Path.of("/etc/xaa/managed-connections.yaml");
    private static final Policy ONE = Example.load(Example.FILE);
    private static final Policy TWO = Example.load(Example.exchange("tenant: acme", "tenant: beta"));

    private final List<SqlPolicyHistory> started = new ArrayList<>();

    /** The same empty database for one test. */
    abstract DataSource database();

    private Flyway flyway() {
        return Flyway.configure().dataSource(database()).cleanDisabled(false).load();
    }

    @BeforeEach
    void migrate() {
        flyway().clean();
        flyway().migrate();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (SqlPolicyHistory history : started) {
            history.stop(new ShutdownEvent());
        }
    }

    private SqlPolicyHistory started() {
        SqlPolicyHistory history = new SqlPolicyHistory(database());
        history.start(new StartupEvent());
        started.add(history);
        return history;
    }

    private static InForce at(Policy policy, Instant when) {
        return new InForce(policy, when, FILE);
    }

    private static void await(java.util.function.BooleanSupplier done) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(10));
        while (!done.getAsBoolean() && Instant.now().isBefore(end)) {
            Thread.sleep(5);
        }
        assertThat(done.getAsBoolean()).isTrue();
    }

    private static List<String> revisions(SqlPolicyHistory history) {
        return history.revisions(10).stream().map(Revision::revision).toList();
    }

    @Test
    @Rules("G7")
    void leadsFromARevisionToItsContent() throws InterruptedException {
        SqlPolicyHistory history = started();
        history.remember(at(ONE, Example.NOW));
        await(() -> !revisions(history).isEmpty());

        assertThat(history.content(ONE.revision())).hasValue(ONE.canonical());
        assertThat(Fingerprint.sha256(history.content(ONE.revision()).orElseThrow()))
                .isEqualTo(ONE.revision());
        assertThat(history.content(TWO.revision())).isEmpty();
        assertThat(history.revisions(10)).singleElement().satisfies(revision -> {
            assertThat(revision.tenant()).isEqualTo("acme");
            assertThat(revision.loadedAt()).isEqualTo(Example.NOW);
            assertThat(revision.file()).isEqualTo(FILE.toString());
            assertThat(revision.loadedBy())
                    .startsWith(System.getProperty("user.name") + "@")
                    .endsWith(":" + ProcessHandle.current().pid());
        });
    }

    @Test
    void holdsNoSecret() throws InterruptedException {
        SqlPolicyHistory history = started();
        history.remember(at(ONE, Example.NOW));
        await(() -> !revisions(history).isEmpty());

        assertThat(history.content(ONE.revision()).orElseThrow())
                .contains("env:SECRET")
                .doesNotContain(Example.SECRET);
    }

    @Test
    void keepsARevisionOnceWithItsFirstAndLastLoad() throws Exception {
        SqlPolicyHistory history = started();
        history.remember(at(ONE, Example.NOW));
        await(() -> revisions(history).equals(List.of(ONE.revision())));
        history.remember(at(TWO, Example.NOW.plusSeconds(10)));
        await(() -> revisions(history).equals(List.of(TWO.revision(), ONE.revision())));

        history.remember(at(ONE, Example.NOW.plusSeconds(20)));

        await(() -> revisions(history).equals(List.of(ONE.revision(), TWO.revision())));
        assertThat(history.revisions(1)).extracting(Revision::loadedAt).containsExactly(Example.NOW.plusSeconds(20));
        try (Connection sql = database().getConnection();
                ResultSet first = sql.createStatement()
                        .executeQuery("select min(first_loaded_at), count(*) from policy_revision")) {
            first.next();
            assertThat(first.getObject(1, java.time.OffsetDateTime.class).toInstant())
                    .isEqualTo(Example.NOW);
            assertThat(first.getInt(2)).isEqualTo(2);
        }
    }

    @Test
    void replicasThatLoadTheSameAtOnceLeaveOneRowWithTheLatestLoad() throws Exception {
        try (ExecutorService replicas = Executors.newFixedThreadPool(8)) {
            List<java.util.concurrent.Future<?>> written = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Instant when = Example.NOW.plusSeconds(i * 7 % 40);
                written.add(replicas.submit(() -> {
                    try (Connection sql = database().getConnection()) {
                        PolicyTable.write(sql, at(ONE, when), "replica");
                    }
                    return null;
                }));
            }
            for (var one : written) {
                one.get();
            }
        }

        assertThat(started().revisions(10)).extracting(Revision::loadedAt).containsExactly(Example.NOW.plusSeconds(39));
    }

    @Test
    void waitsForADatabaseThatIsNotThereYet() throws InterruptedException {
        flyway().clean();
        SqlPolicyHistory history = started();

        long began = System.nanoTime();
        history.remember(at(ONE, Example.NOW));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("the swap does not wait")
                .isLessThan(Duration.ofMillis(100));
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> history.revisions(10));
        assertThat(refusal.failure().reason()).isEqualTo("store-unavailable");
        flyway().migrate();

        await(() -> revisions(history).equals(List.of(ONE.revision())));
    }

    @Test
    void contentThatSomebodyChangedIsNotShownAsWhatWasLoaded() throws Exception {
        SqlPolicyHistory history = started();
        history.remember(at(ONE, Example.NOW));
        await(() -> !revisions(history).isEmpty());
        try (Connection sql = database().getConnection()) {
            sql.createStatement().executeUpdate("update policy_revision set content = 'another'");
        }

        assertThat(history.content(ONE.revision())).isEmpty();
    }

    @Test
    void writesWhatStillWaitsWhenTheBrokerStops() throws InterruptedException, SQLException {
        SqlPolicyHistory history = started();
        history.remember(at(ONE, Example.NOW));
        history.stop(new ShutdownEvent());

        assertThat(revisions(history)).containsExactly(ONE.revision());
    }
}
