package dev.xaabroker.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.LedgerSigner;
import dev.xaabroker.ledger.LedgerVerification.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the ledger must do, whichever database stands behind it. */
abstract class LedgerContract {

    private final LedgerSigner signer = new LedgerSigner(KeyRing.of(KeyRing.generate()));

    /** The same empty database for one test. */
    abstract DataSource database();

    @BeforeEach
    void migrate() throws Exception {
        Flyway flyway =
                Flyway.configure().dataSource(database()).cleanDisabled(false).load();
        flyway.clean();
        flyway.migrate();
    }

    record Config(Duration timeout, Duration checkpointEvery, int queue, int batch) implements LedgerConfig {
        static final Config DEFAULT = new Config(Duration.ofSeconds(10), Duration.ofHours(1), 10_000, 500);
    }

    final SqlLedger started(Config config) {
        SqlLedger ledger = new SqlLedger(
                config, database(), signer, new LedgerMetrics(new SimpleMeterRegistry()), Clock.systemUTC());
        ledger.start(new StartupEvent());
        return ledger;
    }

    /** A ledger of {@code entries} entries, written, signed and closed. */
    private void write(int entries) throws Exception {
        SqlLedger ledger = started(Config.DEFAULT);
        for (int i = 0; i < entries; i++) {
            ledger.append(entry("r" + i));
        }
        ledger.stop(new ShutdownEvent());
    }

    private static Entry entry(String requestId) {
        return new Entry(
                Instant.now(),
                requestId,
                "acme",
                new User("pseudonym"),
                "cursor",
                "files",
                "session",
                "engineering-files",
                "revision",
                "files.read",
                "files.read",
                "allowed",
                "allowed",
                "miss",
                Duration.ofNanos(12_345_678),
                Duration.ofMillis(34),
                "access_denied",
                "hash",
                "fingerprint",
                true,
                "d\u00e9tail \u0000 \ud800");
    }

    private Verdict verify() throws SQLException {
        return new LedgerVerification(database(), signer).verify(List.of());
    }

    @Test
    @Rules("G7")
    void writesEntriesThatVerify() throws Exception {
        write(3);

        assertThat(verify()).isEqualTo(new Verdict.Whole(3, 3, 1, 0));
        assertThat(texts("select request_id from ledger_entry order by id")).containsExactly("r0", "r1", "r2");
    }

    @Test
    void commitsTogetherWhatArrivesTogether() throws Exception {
        SqlLedger ledger = started(Config.DEFAULT);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String id = "r" + i;
                all.add(threads.submit(() -> {
                    go.await();
                    ledger.append(entry(id));
                    return id;
                }));
            }
            go.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
        ledger.stop(new ShutdownEvent());

        assertThat(verify()).isInstanceOfSatisfying(Verdict.Whole.class, whole -> {
            assertThat(whole.entries()).isEqualTo(500);
            assertThat(whole.links()).isLessThan(250);
        });
    }

    @Test
    void noticesAChangeOfAnyColumn() throws Exception {
        write(3);
        for (String table : List.of("ledger_entry", "ledger_link", "ledger_checkpoint")) {
            for (String column : columns(table)) {
                String where = table.equals("ledger_checkpoint") ? "seq = 0" : "seq = 1";
                change(table, column, where);

                assertThat(verify()).as(table + "." + column).isInstanceOf(Verdict.Broken.class);

                execute("delete from " + table);
                execute("insert into " + table + " select * from " + table + "_kept");
                assertThat(verify()).as(table + "." + column + " restored").isInstanceOf(Verdict.Whole.class);
            }
        }
    }

    @Test
    void namesTheLinkThatWasChangedAndItsRequests() throws Exception {
        write(3);
        execute("update ledger_entry set decision = 'denied' where request_id = 'r1'");

        assertThat(verify()).isInstanceOfSatisfying(Verdict.Broken.class, broken -> assertThat(broken.where())
                .startsWith("link 1 of ")
                .endsWith("was changed: it holds 1, of the requests r1"));
    }

    @Test
    void tellsHowManyEntriesNoCheckpointCoversYet() throws Exception {
        SqlLedger ledger = started(Config.DEFAULT);
        ledger.append(entry("young"));

        assertThat(verify()).isEqualTo(new Verdict.Whole(1, 1, 0, 1));

        ledger.stop(new ShutdownEvent());
        assertThat(verify()).isEqualTo(new Verdict.Whole(1, 1, 1, 0));
    }

    @Test
    void noticesThatTheTailWasCut() throws Exception {
        write(3);
        execute("delete from ledger_entry where seq = 2");
        execute("delete from ledger_link where seq = 2");

        assertThat(verify()).isInstanceOfSatisfying(Verdict.Broken.class, broken -> assertThat(broken.where())
                .startsWith("link 2 of")
                .contains("cut"));
    }

    @Test
    void noticesThatAnEntryWasAddedOrTaken() throws Exception {
        write(2);
        execute("update ledger_entry set seq = 7 where seq = 1");
        assertThat(verify()).isInstanceOf(Verdict.Broken.class);
        execute("update ledger_entry set seq = 1 where seq = 7");
        execute(
                "insert into ledger_entry (writer, seq, place, id, at, request_id, tenant, client, decision, reason, weaker)"
                        + " select writer, seq, 9, id, at, request_id, tenant, client, decision, reason, weaker"
                        + " from ledger_entry where seq = 1");
        assertThat(verify()).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void noticesThatTheTailWentWithItsCheckpointsWhenALogKnowsOne() throws Exception {
        write(2);
        String logged = texts("select hash from ledger_checkpoint").get(0);
        LedgerVerification verification = new LedgerVerification(database(), signer);
        assertThat(verification.verify(List.of(logged))).isInstanceOf(Verdict.Whole.class);
        execute("delete from ledger_checkpoint");
        execute("delete from ledger_entry");
        execute("delete from ledger_link");

        assertThat(verification.verify(List.of())).isInstanceOf(Verdict.Whole.class);
        assertThat(verification.verify(List.of(logged))).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void signsTheHeadsOfAllWritersAndLaterThoseThatMoved() throws Exception {
        write(1);
        SqlLedger second = started(new Config(Duration.ofSeconds(10), Duration.ofMillis(300), 100, 10));
        second.append(entry("a"));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (count("ledger_checkpoint") < 2 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        second.append(entry("b"));
        second.stop(new ShutdownEvent());

        assertThat(verify()).isInstanceOfSatisfying(Verdict.Whole.class, whole -> assertThat(whole.checkpoints())
                .isEqualTo(3));
        List<String> heads = texts("select heads from ledger_checkpoint order by at");
        assertThat(heads.get(1).split("\\[")).hasSize(3);
        assertThat(heads.get(2).split("\\[")).hasSize(2);
    }

    @Test
    @Rules("F9")
    void refusesWhenItCannotWriteAndGoesOnWhenItCanAgain() throws Exception {
        SqlLedger ledger = started(Config.DEFAULT);
        ledger.append(entry("before"));
        execute("alter table ledger_link rename to away");

        assertUnavailable(ledger, "lost");

        execute("alter table away rename to ledger_link");
        ledger.append(entry("after"));
        ledger.stop(new ShutdownEvent());
        assertThat(texts("select request_id from ledger_entry order by id")).containsExactly("before", "after");
        assertThat(verify()).isInstanceOf(Verdict.Whole.class);
    }

    static void assertUnavailable(SqlLedger ledger, String id) {
        assertThatThrownBy(() -> ledger.append(entry(id)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.failure())
                        .isInstanceOfSatisfying(Failure.Unavailable.class, down -> assertThat(down.part())
                                .isEqualTo("ledger")));
    }

    private void change(String table, String column, String where) throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("select " + column + " from " + table);
            String value =
                    switch (row.getMetaData().getColumnType(1)) {
                        case Types.BIGINT, Types.INTEGER -> column + " + 5";
                        case Types.BOOLEAN, Types.BIT -> "not " + column;
                        case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> column + " + interval '1' second";
                        default ->
                            column.equals("heads") ? "replace(heads, '[2', '[1')" : "'x' || substr(" + column + ", 2)";
                    };
            int changed =
                    statement.executeUpdate("update " + table + " set " + column + " = " + value + " where " + where);
            assertThat(changed).isEqualTo(1);
        }
    }

    private List<String> columns(String table) throws SQLException {
        execute("create table " + table + "_kept as select * from " + table);
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery("select * from " + table + " where 1 = 0");
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                columns.add(rows.getMetaData().getColumnLabel(i));
            }
            return columns;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String table) throws SQLException {
        return Long.parseLong(texts("select count(*) from " + table).get(0));
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery(sql);
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
