package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.testing.BrokerWorld;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The negative prober at work, each second, on real stores. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProberIT {

    private static final Map<String, String> PLACES = Map.of(
            "unknown-server", "server-unknown",
            "closed-way", "no-connection",
            "unknown-handle", "session-unknown",
            "foreign-handle", "session-unknown",
            "ended-session", "session-ended",
            "ended-login", "session-ended",
            "killed-user", "user-killed",
            "unsigned-id-token", "session-unknown");

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        // Claude Code reaches the files no more: a way that is shut to everybody.
        world = BrokerWorld.real(
                policy -> policy.replaceFirst("clients: \\[coding-tools]", "clients: [cursor, vscode]"),
                Map.of("xaa.upkeep.prober-every", "1s"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    private static double metric(String line) {
        Matcher found = Pattern.compile("(?m)^" + Pattern.quote(line) + " (.*)$")
                .matcher(world.get("/q/metrics").asString());
        return found.find() ? Double.parseDouble(found.group(1)) : -1;
    }

    private static double rounds(String outcome) {
        return Math.max(0, metric("xaa_prober_rounds_total{outcome=\"" + outcome + "\"}"));
    }

    private static double failed(String probe) {
        return metric("xaa_prober_failed_total{probe=\"" + probe + "\"}");
    }

    private static void await(String what, BooleanSupplier done) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!done.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection sql = world.stores().sql();
                Statement statement = sql.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    private static List<Map<String, String>> rows(String query) throws SQLException {
        try (Connection sql = world.stores().sql();
                PreparedStatement select = sql.prepareStatement(query)) {
            ResultSet found = select.executeQuery();
            return BrokerWorld.rows(found);
        }
    }

    private static long count(String table, String where) {
        try {
            return Long.parseLong(rows("select count(*) as n from " + table + " where " + where)
                    .getFirst()
                    .get("n"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(1)
    void eachProbeIsRefusedAtItsPlaceRoundByRound() throws Exception {
        await("three rounds", () -> rounds("refused") >= 3);

        assertThat(rounds("failed") + rounds("unclear")).isZero();
        Map<String, String> refusals = new HashMap<>();
        for (Map<String, String> row : rows("select * from ledger_entry where request_id like 'probe-%'")) {
            assertThat(row.get("decision")).as(row.toString()).isEqualTo("denied");
            String name = row.get("request_id").replaceFirst("^probe-(.*)-[0-9a-f-]{36}$", "$1");
            refusals.put(name, row.get("reason"));
        }
        assertThat(refusals).isEqualTo(PLACES);
        PLACES.keySet().forEach(probe -> assertThat(failed(probe)).as(probe).isZero());
        assertThat(world.idp().count("refresh") + world.idp().count("token-exchange"))
                .as("nobody is asked out for it")
                .isZero();
    }

    @Test
    @Order(2)
    void leavesNothingBehind() throws Exception {
        await("no decoy between two rounds", () -> count("sso_session", "adoption like 'decoy:%'") == 0);
        await("no kill between two rounds", () -> count("kill_switch", "true") == 0);
        assertThat(world.broker().log()).doesNotContain("ALERT");
    }

    /** The database forgets the ends of decoys: as if ending did nothing. */
    @Test
    @Order(3)
    void alertsWhenAnEndedSessionIsNotOver() throws Exception {
        execute(
                "create function undead() returns trigger as $$ begin return case when new.status = 'ENDED'"
                        + " and new.adoption like 'decoy:%' then old else new end; end $$ language plpgsql",
                "create trigger undead before update on sso_session for each row execute function undead()");

        await("the alert", () -> failed("ended-session") >= 1);
        execute("drop trigger undead on sso_session");
        double until = rounds("refused");
        await("it is well again", () -> rounds("refused") > until);

        assertThat(failed("ended-login")).isZero();
        assertThat(world.broker().log())
                .containsPattern("ALERT: what must be refused .* probe=ended-session must=session-ended");
        assertThat(rows("select * from ledger_entry where decision = 'alert'"))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.get("request_id")).startsWith("probe-ended-session-");
                    assertThat(row.get("reason")).isEqualTo("probe:ended-session");
                });
    }
}
