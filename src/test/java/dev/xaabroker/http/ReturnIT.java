package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gives back is of no use to anybody, here and where it came from (RFC 7009). */
class ReturnIT implements OverHttp {

    private static BrokerWorld world;
    private static BrokerProcess second;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(UnaryOperator.identity(), Map.of());
        second = world.replica();
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static Response connect(String client, String handle, BrokerProcess replica) {
        return world.as(client).refreshToken(handle).toFiles().at(replica).send();
    }

    private static void until(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh_token", "access_token", "nonsense"})
    @Rules({"H1", "H4"})
    void aHandleTakesItsSessionWithItOnEveryReplica(String hint) throws Exception {
        Tokens login = login("cursor", DemoUser.ALICE);
        Response adopted =
                world.as("cursor").refreshToken(login.refreshToken()).toFiles().send();
        String handle = adopted.path("refresh_token");
        String token = adopted.path("access_token");
        int atIdp = world.idp().count("revocation");

        Response given = world.as("cursor")
                .giveBack(handle)
                .with("token_type_hint", hint)
                .send();

        assertThat(given.statusCode()).as(given.asString()).isEqualTo(200);
        assertThat(given.asString()).isEmpty();
        assertThat(connect("cursor", handle, second).<String>path("reason")).isEqualTo("session-ended");
        assertThat(connect("cursor", login.refreshToken(), second).<String>path("reason"))
                .isEqualTo("session-ended");
        until(() -> world.demo().files().wasRevoked(token), "the RAS has revoked the access token");
        until(() -> world.idp().count("revocation") > atIdp, "the IdP has revoked the refresh token");
        assertThat(world.ledger(given.header("X-Request-Id"))).singleElement().satisfies(entry -> assertThat(entry)
                .containsEntry("decision", "ended")
                .containsEntry("reason", "client"));
    }

    @Test
    @Rules("H1")
    void theRefreshTokenThatWasHandedOverDoesTheSame() {
        Tokens login = login("cursor", DemoUser.ALICE);
        String handle = world.as("cursor")
                .refreshToken(login.refreshToken())
                .toFiles()
                .send()
                .path("refresh_token");

        assertThat(world.as("cursor").giveBack(login.refreshToken()).send().statusCode())
                .isEqualTo(200);

        assertThat(connect("cursor", handle, second).<String>path("reason")).isEqualTo("session-ended");
    }

    @Test
    @Rules("H1")
    void anAccessTokenGoesAloneAndTheNextConnectGetsAnother() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        String token = connect("cursor", handle, second).path("access_token");

        assertThat(world.as("cursor").giveBack(token).send().statusCode()).isEqualTo(200);

        until(() -> world.demo().files().wasRevoked(token), "the RAS has revoked it");
        Response next = connect("cursor", handle, second);
        assertThat(next.statusCode()).as(next.asString()).isEqualTo(200);
        assertThat(next.<String>path("access_token")).isNotEqualTo(token);
    }

    @Test
    @Rules("H1")
    void whatIsNotItsOwnIsLeftAloneAndNotTold() {
        String handle = handleOf("cursor", DemoUser.ALICE);
        String token = connect("cursor", handle, second).path("access_token");

        for (String foreign : new String[] {handle, token, "nothing-at-all"}) {
            Response given = world.as("vscode").giveBack(foreign).send();
            assertThat(given.statusCode()).as(given.asString()).isEqualTo(200);
            assertThat(given.asString()).isEmpty();
        }

        assertThat(connect("cursor", handle, second).<String>path("access_token"))
                .isEqualTo(token);
        assertThat(world.demo().files().wasRevoked(token)).isFalse();
    }

    @Test
    @Rules("H1")
    void whoAsksWronglyIsTold() {
        Response without = world.as("vscode").giveBack("x").without("token").send();
        Response twice = world.as("vscode").giveBack("x").with("token", "y").send();
        Response stranger = world.as("vscode")
                .giveBack("x")
                .withoutHeader("Authorization")
                .without("client_id")
                .without("client_secret")
                .without("client_assertion")
                .without("client_assertion_type")
                .send();

        assertThat(without.statusCode()).isEqualTo(400);
        assertThat(without.<String>path("error")).isEqualTo("invalid_request");
        assertThat(twice.<String>path("error")).isEqualTo("invalid_request");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.<String>path("error")).isEqualTo("invalid_client");
    }
}
