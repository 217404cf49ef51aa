package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Tokens;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the broker refuses by itself, before anybody else is asked or told anything. */
interface RefusalContract extends OverHttp {

    @Test
    @Rules({"G1", "G7"})
    default void refusesAUserWhomNoConnectionNames() throws Exception {
        String handle = handleOf("cursor", DemoUser.BOB);
        world().demo().reset();

        Response answer = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.<String>path("error")).isEqualTo("invalid_target");
        assertThat(answer.<String>path("reason")).isEqualTo("user-not-in-group");
        assertThat(answer.<String>path("owner")).isEqualTo("storage-team");
        assertThat(answer.<String>path("request_id")).isEqualTo(answer.header("X-Request-Id"));
        assertThat(world().idp().count("token-exchange")).isZero();
        assertThat(ledgerOf(answer)).containsEntry("decision", "denied");
    }

    @Test
    @Rules({"G1", "G4", "A9"})
    default void callsNobodyForAServerThatIsNotInTheFile() {
        String token = login("cursor", DemoUser.ALICE).refreshToken();

        for (String resource : List.of(
                "https://elsewhere.example/mcp",
                world().demo().files().resource() + "//",
                world().demo().files().issuer())) {
            Response answer =
                    world().as("cursor").refreshToken(token).to(resource).send();

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_target");
            assertThat(answer.<String>path("reason")).startsWith("server-unknown");
        }
        assertThat(world().idp().recording().requests()).isEmpty();
    }

    @Test
    @Rules("G4")
    default void refusesAnAudienceThatIsNotTheConfiguredOne() {
        String handle = handleOf("cursor", DemoUser.ALICE);

        Response wrong = world().as("cursor")
                .refreshToken(handle)
                .toFiles()
                .with("audience", world().demo().files().issuer() + "/")
                .send();
        Response right = world().as("cursor")
                .refreshToken(handle)
                .toFiles()
                .with("audience", world().demo().files().issuer())
                .send();

        assertThat(wrong.<String>path("reason")).startsWith("resource-mismatch");
        assertThat(right.statusCode()).isEqualTo(200);
    }

    @Test
    @Rules("G5")
    default void refusesAScopeBeyondTheConnectionAndNeverTrims() {
        String handle = handleOf("cursor", DemoUser.ALICE);

        Response answer = world().as("cursor")
                .refreshToken(handle)
                .toFiles()
                .with("scope", "files.read files.write")
                .send();

        assertThat(answer.<String>path("error")).isEqualTo("invalid_scope");
    }

    @Test
    @Rules({"G3", "F1"})
    default void refusesWhatBelongsToAnotherClient() {
        Tokens ofVscode = login("vscode", DemoUser.ALICE);
        String handleOfVscode = handleOf("vscode", DemoUser.ALICE);
        String adoptedByVscode = login("vscode", DemoUser.ALICE).refreshToken();
        world().as("vscode").refreshToken(adoptedByVscode).toWiki().send();
        world().demo().reset();

        Response handle =
                world().as("cursor").refreshToken(handleOfVscode).toFiles().send();
        Response held =
                world().as("cursor").refreshToken(adoptedByVscode).toFiles().send();
        assertThat(world().idp().recording().requests("refresh")).isEmpty();
        Response token = world().as("cursor")
                .refreshToken(ofVscode.refreshToken())
                .toFiles()
                .send();
        Response idToken =
                world().as("cursor").idToken(ofVscode.idToken()).toFiles().send();

        for (Response answer : List.of(handle, held, token, idToken)) {
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
        }
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
    }
}
