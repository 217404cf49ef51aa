package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Tokens;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job over HTTP, whichever stores stand behind the broker: the whole answer, and the ledger entry. */
interface ConnectContract extends OverHttp {

    @ParameterizedTest
    @CsvSource({
        "cursor, files",
        "cursor, wiki",
        "vscode, files",
        "vscode, wiki",
        "claude-code, files",
        "claude-code, wiki"
    })
    @Rules({"A5", "B1", "B2", "B3", "B5", "E1", "E2", "E3", "G7"})
    default void takesEachClientToEachServer(String client, String server) throws Exception {
        Tokens tokens = login(client, DemoUser.ALICE);
        var ras =
                server.equals("files") ? world().demo().files() : world().demo().wiki();

        Response answer = world().as(client)
                .refreshToken(tokens.refreshToken())
                .to(ras.resource())
                .send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        String granted = server.equals("files") ? "files.read" : "wiki.read wiki.write";
        assertThat(answer.<String>path("scope")).isEqualTo(granted);
        assertThat(answer.<String>path("token_type")).isEqualTo("Bearer");
        assertThat(answer.<String>path("issued_token_type")).isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(answer.<Integer>path("expires_in")).isBetween(100, server.equals("files") ? 300 : 120);
        assertThat(answer.<String>path("refresh_token")).startsWith("xaas_");
        var standing = ras.standing(answer.path("access_token")).orElseThrow();
        assertThat(standing.subject()).isEqualTo(DemoUser.ALICE.sub());
        assertThat(world().idp().unexpectedParameters()).isEmpty();

        Map<String, String> entry = ledgerOf(answer);
        assertThat(entry)
                .containsEntry("client", client)
                .containsEntry("server", server)
                .containsEntry("decision", "allowed")
                .containsEntry("granted", granted)
                .containsEntry("cache", "miss")
                .containsEntry("rule", server.equals("files") ? "engineering-files" : "everyone-wiki");
        assertThat(entry.get("user_id")).isNotBlank().doesNotContain(DemoUser.ALICE.sub());
        assertThat(entry.get("revision")).matches("[0-9a-f]{64}");
        assertThat(entry.get("token_fingerprint")).matches("[0-9a-f]{64}");
        assertThat(entry.get("id_jag_id_hash")).matches("[0-9a-f]{64}");
    }

    @Test
    @Rules("F2")
    default void answersFromTheCacheTheSecondTime() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        Response first = world().as("cursor").refreshToken(handle).toFiles().send();
        world().demo().reset();

        Response second = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(second.<String>path("access_token")).isEqualTo(first.path("access_token"));
        assertThat(second.<Integer>path("expires_in")).isLessThanOrEqualTo(first.<Integer>path("expires_in"));
        assertThat(second.<String>path("refresh_token")).isNull();
        assertThat(world().idp().count("refresh") + world().idp().count("token-exchange"))
                .isZero();
        assertThat(ledgerOf(second)).containsEntry("cache", "hit").containsEntry("decision", "allowed");
    }

    @Test
    default void takesAHandleInARefreshTokenGrantToo() {
        String handle = handleOf("cursor", DemoUser.ALICE);

        Response answer = world().as("cursor")
                .with("grant_type", "refresh_token")
                .with("refresh_token", handle)
                .toFiles()
                .send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    @Test
    default void connectsWithoutASessionOnAnIdToken() {
        Tokens tokens = login("cursor", DemoUser.ALICE);

        Response answer =
                world().as("cursor").idToken(tokens.idToken()).toFiles().send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<Integer>path("expires_in")).isLessThanOrEqualTo(60);
        assertThat(answer.<String>path("refresh_token")).isNull();
        assertThat(world().idp().count("refresh")).isZero();
    }

    @Test
    default void servesTheConfiguredResourceForAnAliasAndSendsOnlyThatUpstream() {
        String handle = handleOf("cursor", DemoUser.ALICE);

        Response answer = world().as("cursor")
                .refreshToken(handle)
                .to(world().demo().files().resource() + "/")
                .send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(world().idp().recording().last("token-exchange").param("resource"))
                .isEqualTo(world().demo().files().resource());
    }

    @Test
    default void aFreshTokenReplacesTheEntryUntilTheBudgetIsSpent() {
        String handle = handleOf("cursor", DemoUser.ALICE);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            seen.add(world().as("cursor")
                    .refreshToken(handle)
                    .toFiles()
                    .fresh()
                    .send()
                    .path("access_token"));
        }

        assertThat(Set.copyOf(seen.subList(0, 6))).hasSize(6);
        assertThat(seen.get(6)).isEqualTo(seen.get(5));
        assertThat(seen.get(7)).isEqualTo(seen.get(5));
    }
}
