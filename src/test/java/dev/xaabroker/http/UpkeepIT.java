package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to sessions and tokens though nobody asks for it, on real stores. */
class UpkeepIT {

    private static final int MOST = 3;

    private static BrokerWorld world;

    @BeforeAll
    static void create() throws Exception {
        world = BrokerWorld.real(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.upkeep.every", "PT0.3S",
                        "xaa.upkeep.batch", "2",
                        "xaa.sessions.per-user-and-client", Integer.toString(MOST),
                        "xaa.oauth.requests-per-client-per-minute", "100000",
                        "xaa.oauth.requests-per-source-per-minute", "100000",
                        "xaa.broker.renew-last-percent", "100"));
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
    }

    @BeforeEach
    void reset() {
        world.demo().reset();
    }

    private static String adopt() {
        Response adopted = world.as("cursor")
                .refreshToken(world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken())
                .toWiki()
                .send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        return adopted.path("refresh_token");
    }

    private static Response connect(String handle) {
        return world.as("cursor").refreshToken(handle).toFiles().send();
    }

    private static void assertEnded(Response answer, String cause) throws SQLException {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
        assertThat(answer.<String>path("reason")).isEqualTo("session-ended");
        assertThat(world.ledger(answer.path("request_id")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("detail")).contains(cause));
    }

    private static final String OF_HANDLE =
            " where id = (select session_id from session_handle where hash = encode(sha256(?::bytea), 'hex'))";

    private static void change(String handle, String what) throws SQLException {
        try (Connection sql = world.stores().sql();
                PreparedStatement update = sql.prepareStatement("update sso_session set " + what + OF_HANDLE)) {
            update.setString(1, handle);
            assertThat(update.executeUpdate()).isOne();
        }
    }

    private static String cell(String column, String handle) throws SQLException {
        try (Connection sql = world.stores().sql();
                PreparedStatement select = sql.prepareStatement("select " + column + " from sso_session" + OF_HANDLE)) {
            select.setString(1, handle);
            ResultSet row = select.executeQuery();
            return row.next() ? String.valueOf(row.getString(1)) : "gone";
        }
    }

    private static void await(String what, BooleanSupplier done) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!done.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static double metric(String line) {
        Matcher found = Pattern.compile("(?m)^" + Pattern.quote(line) + " (.*)$")
                .matcher(world.get("/q/metrics").asString());
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    @Test
    void anUnusedSessionEndsAndIsRefusedFromThenOn() throws Exception {
        String handle = adopt();
        int refreshes = world.idp().count("refresh");

        change(handle, "last_used_at = now() - interval '8 days', proven_at = now() - interval '8 days'");

        assertEnded(connect(handle), "idle");
        assertThat(cell("end_cause", handle)).isEqualTo("idle");
        assertThat(cell("sealed_refresh_token is null", handle)).isEqualTo("t");
        assertThat(world.idp().count("refresh")).isEqualTo(refreshes);
    }

    @Test
    void aSessionTooManyEndsTheOneUnusedForLongest() throws Exception {
        List<String> handles = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            handles.add(adopt());
        }
        change(handles.get(1), "last_used_at = now() - interval '1 day', proven_at = now() - interval '1 day'");

        handles.add(adopt());

        assertEnded(connect(handles.get(1)), "superseded");
        for (int survivor : new int[] {0, 2, 3}) {
            assertThat(connect(handles.get(survivor)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsOverForLongEnoughGoes() throws Exception {
        double before = metric("xaa_upkeep_swept_total{kind=\"tombstone\"}");
        List<String> handles = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            handles.add(adopt());
        }
        for (String handle : handles) {
            change(handle, "expires_at = now() - interval '13 hours'");
        }
        for (String handle : handles) {
            await("it ends without being asked for", () -> is("ENDED", "status", handle));
            assertThat(cell("end_cause", handle)).isEqualTo("expired");
            assertThat(cell("sealed_identity is null", handle)).isEqualTo("t");
        }

        for (String handle : handles) {
            change(handle, "ended_at = now() - interval '13 hours'");
        }

        for (String handle : handles) {
            await("its tombstone goes", () -> is("gone", "status", handle));
        }
        await("the metric", () -> metric("xaa_upkeep_swept_total{kind=\"tombstone\"}") == before + MOST);
        assertThat(world.get("/q/metrics").asString()).contains("xaa_sessions_live", "xaa_upkeep_sweep_seconds_max");
        assertThat(world.broker().log()).containsPattern("Swept \\{.*tombstone=[1-9]");
        Response unknown = connect(handles.get(0));
        assertThat(unknown.<String>path("reason")).isEqualTo("session-unknown");
    }

    private static boolean is(String expected, String column, String handle) {
        try {
            return cell(column, handle).equals(expected);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tokens of 36 s are served for 6 s, and renewed before two thirds of that are over. */
    @Test
    void aSteadyUserNeverWaitsForAnExchange() throws Exception {
        world.demo().files().behaviour.expiresIn = 36;
        String handle = adopt();
        Response first = connect(handle);
        assertThat(first.statusCode()).as(first.asString()).isEqualTo(200);
        Instant began = Instant.now();
        List<String> tokens = new ArrayList<>();

        while (Instant.now().isBefore(began.plusSeconds(16))) {
            Response answer = connect(handle);
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
            tokens.add(answer.path("access_token"));
            TimeUnit.MILLISECONDS.sleep(50);
        }

        List<Map<String, String>> rows = rows("session_id = '" + cell("id", handle) + "' and server = 'files'");
        assertThat(rows.stream()
                        .filter(row -> row.get("decision").equals("allowed"))
                        .skip(1))
                .as("every connect but the first")
                .hasSize(tokens.size())
                .allSatisfy(row -> assertThat(row.get("cache")).isEqualTo("hit"));
        List<Map<String, String>> renewed = rows.stream()
                .filter(row -> row.get("decision").equals("renewed"))
                .toList();
        assertThat(renewed).hasSizeGreaterThanOrEqualTo(2).allSatisfy(row -> {
            assertThat(row.get("cache")).isEqualTo("renewed");
            assertThat(row.get("leg1_ms")).isNotNull();
            assertThat(row.get("token_fingerprint")).isNotNull();
        });
        int legs = world.demo().files().count("jwt-bearer");
        assertThat(legs).isEqualTo(1 + renewed.size());
        System.out.printf(
                "steady user, 16 s, tokens served for 6 s: %d connects, 1 waited, %d renewals, %d leg 2%n",
                tokens.size() + 1, renewed.size(), legs);
    }

    private static List<Map<String, String>> rows(String where) throws SQLException {
        try (Connection sql = world.stores().sql();
                PreparedStatement select =
                        sql.prepareStatement("select * from ledger_entry where " + where + " order by id")) {
            return BrokerWorld.rows(select.executeQuery());
        }
    }

    @Test
    @Rules("F6")
    void aRenewalThatTheEndOfItsSessionOvertakesBringsNothingBack() throws Exception {
        world.demo().files().behaviour.expiresIn = 36;
        String handle = adopt();
        assertThat(connect(handle).statusCode()).isEqualTo(200);
        CountDownLatch gate = new CountDownLatch(1);
        world.demo().files().faults().always("jwt-bearer", Fault.holdAnswer(gate));
        int before = world.demo().files().count("jwt-bearer");
        await("a renewal is under way", () -> {
            assertThat(connect(handle).statusCode()).isEqualTo(200);
            return world.demo().files().count("jwt-bearer") > before;
        });

        change(
                handle,
                "status = 'ENDED', end_cause = 'logout', ended_at = now(), epoch = epoch + 1, version = version + 1,"
                        + " sealed_refresh_token = null");
        assertEnded(connect(handle), "logout");
        gate.countDown();

        String session = cell("id", handle);
        await("it is withheld", () -> {
            try {
                return rows("session_id = '" + session + "' and decision = 'withheld'")
                                .size()
                        == 1;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(rows("session_id = '" + session + "' and decision = 'renewed'"))
                .isEmpty();
        assertEnded(connect(handle), "logout");
    }
}
