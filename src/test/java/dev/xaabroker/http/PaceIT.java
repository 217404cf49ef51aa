package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An IdP of which no more may be asked now: everybody is refused, nothing is sent, and no session is harmed. */
class PaceIT {

    private static final int BUDGET = 6;

    private static BrokerWorld world;
    private String handle;

    @BeforeAll
    static void create() throws Exception {
        world = BrokerWorld.embedded(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.exchange.idp-requests-per-minute", Integer.toString(BUDGET),
                        "xaa.broker.fresh-per-minute", "1000",
                        "xaa.sessions.proofs-for", "PT0.001S"));
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
    }

    @BeforeEach
    void login() {
        world.demo().reset();
        Response adopted = adopt("cursor", DemoUser.ALICE);
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        handle = adopted.path("refresh_token");
    }

    /** A budget of its own for every test. */
    @AfterEach
    void again() throws Exception {
        world.restartWith(Map.of());
    }

    private static Response adopt(String client, DemoUser user) {
        return world.as(client)
                .refreshToken(world.idp().login(client + "-at-idp", user).refreshToken())
                .toWiki()
                .send();
    }

    private Response connect() {
        return world.as("cursor").refreshToken(handle).toWiki().send();
    }

    /** As if the last proof were two minutes old: {@code recheck} is one. */
    private static void makeProofsOld() throws SQLException {
        try (Connection sql = world.stores().sql();
                Statement update = sql.createStatement()) {
            update.executeUpdate("update sso_session set proven_at = proven_at - interval '2' minute");
        }
    }

    private static int sent() {
        return world.idp().count("refresh") + world.idp().count("token-exchange");
    }

    private static int assertRefused(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
        assertThat(answer.<String>path("error")).isEqualTo("temporarily_unavailable");
        assertThat(answer.<String>path("reason")).isEqualTo("idp-unavailable");
        assertThat(answer.<String>path("access_token")).isNull();
        return Integer.parseInt(answer.header("Retry-After"));
    }

    private static void assertNoSessionIsHarmed() throws SQLException {
        try (Connection sql = world.stores().sql();
                Statement select = sql.createStatement();
                ResultSet harmed = select.executeQuery("select count(*) from sso_session where status <> 'LIVE'"
                        + " or refresh_sent_at is not null or lease_until is not null")) {
            harmed.next();
            assertThat(harmed.getInt(1)).isZero();
        }
    }

    @Test
    void aSpentBudgetIsNeverALongerBound() throws Exception {
        assertThat(connect().statusCode()).as("from the cache").isEqualTo(200);
        Response last;
        do {
            last = world.as("cursor").refreshToken(handle).toWiki().fresh().send();
        } while (last.statusCode() == 200);
        assertThat(assertRefused(last)).isBetween(1, 60 / BUDGET);
        int spent = sent();
        assertThat(spent).isBetween(BUDGET, BUDGET + 1);
        assertThat(connect().statusCode())
                .as("from the cache: the login was proven within recheck")
                .isEqualTo(200);

        makeProofsOld();
        Response refused = connect();

        assertRefused(refused);
        assertThat(world.ledger(refused.path("request_id")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("detail")).contains("xaa.exchange.idp-requests-per-minute"));
        assertThat(sent()).isBetween(spent, spent + 1);
        assertNoSessionIsHarmed();
        world.restartWith(Map.of());
        assertThat(connect().statusCode()).as("the session survives").isEqualTo(200);
    }

    @Test
    void aTokenWhoseSessionLivesIsNoNewcomer() throws Exception {
        String token = world.idp().login("vscode-at-idp", DemoUser.BOB).refreshToken();
        assertThat(world.as("vscode").refreshToken(token).toWiki().send().statusCode())
                .isEqualTo(200);

        Response again = world.as("vscode").refreshToken(token).toWiki().send();
        Response newcomer = adopt("cursor", DemoUser.BOB);

        assertThat(again.statusCode()).as(again.asString()).isEqualTo(200);
        assertRefused(newcomer);
        assertThat(newcomer.asString()).doesNotContain("xaa.exchange");
        assertNoSessionIsHarmed();
    }

    @Test
    void leavesTheIdpAloneForAsLongAsItAsksForWhoeverComes() throws Exception {
        world.idp().faults().next("refresh", Fault.error(429, "slow_down").retryAfter(3));
        makeProofsOld();
        assertThat(assertRefused(connect())).isEqualTo(3);
        Instant asked = Instant.now();
        int sent = sent();

        assertThat(assertRefused(adopt("vscode", DemoUser.BOB))).isBetween(1, 3);
        assertThat(assertRefused(connect())).isBetween(1, 3);

        assertThat(Instant.now()).as("this test is too slow to tell").isBefore(asked.plusSeconds(3));
        assertThat(sent()).isEqualTo(sent);
        assertNoSessionIsHarmed();
        Response answer = connect();
        while (answer.statusCode() != 200 && Instant.now().isBefore(asked.plus(Duration.ofSeconds(20)))) {
            TimeUnit.MILLISECONDS.sleep(100);
            answer = connect();
        }
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(Duration.between(asked, Instant.now())).isGreaterThan(Duration.ofMillis(2_500));
    }
}
