package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A RAS whose tokens live for an hour, under {@code longTokens: revoke}: they are revoked there when our time is over. */
class LongTokensIT implements OverHttp {

    private static final Duration OURS = Duration.ofSeconds(4);

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(
                policy -> policy.replace("    audience:", "    longTokens: revoke\n    audience:")
                        .replace("tokenTtl: 2m", "tokenTtl: 4s"),
                Map.of("xaa.upkeep.revoke-every", "PT0.5S"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private Response connect() {
        return world.as("cursor")
                .refreshToken(login("cursor", DemoUser.ALICE).refreshToken())
                .toWiki()
                .send();
    }

    @Test
    void isHandedOutForOurTimeAndRevokedWhenThatIsOver() throws Exception {
        world.demo().wiki().behaviour.expiresIn = 3600;
        long before = System.nanoTime();

        Response answer = connect();
        String token = answer.path("access_token");

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<Integer>path("expires_in")).isBetween(1, (int) OURS.toSeconds());
        while (!world.demo().wiki().wasRevoked(token)) {
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(OURS.plusSeconds(8));
            Thread.sleep(50);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(OURS.minusSeconds(1));
    }

    @Test
    void isNotRevokedWhenItLivesNoLongerThanFiveMinutes() throws Exception {
        world.demo().wiki().behaviour.expiresIn = 300;

        String token = connect().path("access_token");

        Thread.sleep(OURS.plusSeconds(2).toMillis());
        assertThat(world.demo().wiki().wasRevoked(token)).isFalse();
    }

    /** The revocation fails a few times, and is tried again until it is done. */
    @Test
    void isTriedAgainUntilItIsDone() throws Exception {
        world.demo().wiki().behaviour.expiresIn = 3600;
        world.demo().wiki().behaviour.revocationFails = true;
        String token = connect().path("access_token");
        while (world.demo().wiki().count("revocation") < 2) {
            Thread.sleep(50);
        }
        assertThat(world.demo().wiki().wasRevoked(token)).isFalse();

        world.demo().wiki().behaviour.revocationFails = false;

        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!world.demo().wiki().wasRevoked(token)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
        try (Connection sql = world.stores().sql();
                Statement query = sql.createStatement()) {
            List<Map<String, String>> outcomes = BrokerWorld.rows(query.executeQuery(
                    "select reason, detail from ledger_entry where decision = 'revoked' order by id"));
            assertThat(outcomes).isNotEmpty();
            assertThat(outcomes.getLast().values().toString()).contains("lifetime", "attempts=");
        }
    }
}
