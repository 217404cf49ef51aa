package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.Signaller;
import io.restassured.response.Response;
import java.util.Map;

/** Logins to be ended by signals, and those that must not be. */
interface OverSignals extends OverHttp {

    /** A login of a client, adopted: its tokens, and the handle of its session. */
    record Held(String client, Tokens tokens, String handle) {}

    default Signaller idp() {
        return new Signaller(world());
    }

    default Held hold(String client, DemoUser user) {
        return hold(client, login(client, user));
    }

    default Held hold(String client, Tokens tokens) {
        Response adopted =
                world().as(client).refreshToken(tokens.refreshToken()).toWiki().send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        return new Held(client, tokens, adopted.path("refresh_token"));
    }

    default void assertLives(Held login) {
        Response answer =
                world().as(login.client()).refreshToken(login.handle()).toWiki().send();
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    /** By handle, by the refresh token that was adopted, and by its ID token. */
    default void assertOver(Held login) {
        assertEnded(
                world().as(login.client()).refreshToken(login.handle()).toWiki().send());
        assertEnded(world().as(login.client())
                .refreshToken(login.tokens().refreshToken())
                .toWiki()
                .send());
        assertEnded(world().as(login.client())
                .idToken(login.tokens().idToken())
                .toWiki()
                .send());
    }

    private static void assertEnded(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.<String>path("reason")).isEqualTo("session-ended");
    }

    default void assertRefused(Response answer, int status, Map<String, String> members) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Request-Id")).isNotBlank();
        members.forEach((name, value) -> assertThat(answer.<String>path(name)).isEqualTo(value));
    }
}
