package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever guesses at credentials is stopped, and stops nobody else. */
class GuessingIT {

    private static final int ALLOWED = 5;

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(
                UnaryOperator.identity(),
                Map.of("xaa.oauth.failures-per-source-per-minute", Integer.toString(ALLOWED)));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Test
    @Rules({"G3", "K7"})
    void shutsOutTheClientThatIsGuessedAtAndNoOtherBehindTheSameAddress() {
        for (int i = 0; i < ALLOWED; i++) {
            assertThat(guess("vscode").statusCode()).isEqualTo(401);
            assertThat(guess("nobody").statusCode()).isEqualTo(401);
        }

        Response known = guess("vscode");
        Response unknown = guess("nobody");
        Response another = guess("nobody-else");
        Response other = world.as("cursor")
                .refreshToken(world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken())
                .toFiles()
                .send();

        assertThat(known.statusCode()).isEqualTo(429);
        assertThat(known.header("Retry-After")).isNotBlank();
        assertThat(unknown.statusCode()).as("no answer tells who is registered").isEqualTo(429);
        assertThat(another.statusCode()).isEqualTo(401);
        assertThat(other.statusCode()).as(other.asString()).isEqualTo(200);
    }

    private static Response guess(String client) {
        return world.as("cursor")
                .withoutHeader("Authorization")
                .basic(client, "guessed")
                .refreshToken("any")
                .toFiles()
                .send();
    }
}
