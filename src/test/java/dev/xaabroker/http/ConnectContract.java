package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job over HTTP, whichever stores stand behind the broker: the whole answer, and the ledger entry. */
abstract class ConnectContract {

    abstract BrokerWorld world();

    @BeforeEach
    void forgetEarlierTests() {
        world().demo().reset();
    }

    private Tokens login(String client, DemoUser user) {
        return world().idp().login(idpClient(client), user);
    }

    private static String idpClient(String client) {
        return client.equals("claude-code") ? "claude-at-idp" : client + "-at-idp";
    }

    private String handleOf(String client, DemoUser user) {
        Response adopted = world().as(client)
                .refreshToken(login(client, user).refreshToken())
                .toWiki()
                .send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        return adopted.path("refresh_token");
    }

    private Map<String, String> ledgerOf(Response answer) throws Exception {
        List<Map<String, String>> rows = world().ledger(answer.header("X-Request-Id"));
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

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
    void takesEachClientToEachServer(String client, String server) throws Exception {
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
    void answersFromTheCacheTheSecondTime() throws Exception {
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
    void takesAHandleInARefreshTokenGrantToo() {
        String handle = handleOf("cursor", DemoUser.ALICE);

        Response answer = world().as("cursor")
                .with("grant_type", "refresh_token")
                .with("refresh_token", handle)
                .toFiles()
                .send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    @Test
    void connectsWithoutASessionOnAnIdToken() {
        Tokens tokens = login("cursor", DemoUser.ALICE);

        Response answer =
                world().as("cursor").idToken(tokens.idToken()).toFiles().send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<Integer>path("expires_in")).isLessThanOrEqualTo(60);
        assertThat(answer.<String>path("refresh_token")).isNull();
        assertThat(world().idp().count("refresh")).isZero();
    }

    @Test
    void servesTheConfiguredResourceForAnAliasAndSendsOnlyThatUpstream() {
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
    void aFreshTokenReplacesTheEntryUntilTheBudgetIsSpent() {
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

    @Test
    @Rules({"G1", "G7"})
    void refusesAUserWhomNoConnectionNames() throws Exception {
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
    void callsNobodyForAServerThatIsNotInTheFile() {
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
    void refusesAnAudienceThatIsNotTheConfiguredOne() {
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
    void refusesAScopeBeyondTheConnectionAndNeverTrims() {
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
    void refusesWhatBelongsToAnotherClient() {
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

    @ParameterizedTest
    @EnumSource(
            value = JwtFlaw.class,
            names = {
                "WRONG_TYP",
                "NO_TYP",
                "ALG_NONE",
                "ALG_HS256",
                "ALG_NOT_OF_THE_KEY",
                "UNKNOWN_KEY",
                "BAD_SIGNATURE",
                "EMBEDDED_JWK",
                "UNKNOWN_CRIT",
                "WRONG_ISS",
                "ISS_WITH_SLASH",
                "OTHER_AUD",
                "AUD_SLASH",
                "AUD_PREFIX",
                "AUD_TOKEN_ENDPOINT",
                "TWO_AUD",
                "NO_AUD",
                "WRONG_CLIENT_ID",
                "NO_CLIENT_ID",
                "OTHER_SUBJECT",
                "NO_SUB",
                "EXPIRED",
                "NO_EXP",
                "EXP_AS_TEXT",
                "DUPLICATE_MEMBER",
                "OTHER_RESOURCE",
                "MORE_RESOURCES",
                "EMPTY_RESOURCE",
                "NO_RESOURCE",
                "EXTRA_SCOPE"
            })
    @Rules({"C1", "C2", "C3", "C4", "B9"})
    void neverSendsAFlawedIdJagToTheServersAuthorizationServer(JwtFlaw flaw) throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();
        world().idp().behaviour.idJagFlaws = Set.of(flaw);

        Response answer = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(502);
        assertThat(answer.<String>path("error")).isEqualTo("server_error");
        assertThat(answer.<String>path("access_token")).isNull();
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
        assertThat(ledgerOf(answer)).containsEntry("decision", "failed").containsEntry("reason", "idp-fault");
    }

    @Test
    @Rules({"F4", "B7"})
    void twoHundredParallelConnectsOnAColdKeyCauseOneExchange() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();

        List<Response> answers = inParallel(
                200,
                i -> () -> world().as("cursor").refreshToken(handle).toFiles().send());

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200));
        assertThat(answers.stream()
                        .map(answer -> answer.<String>path("access_token"))
                        .distinct())
                .hasSize(1);
        assertThat(world().idp().count("token-exchange")).isEqualTo(1);
        assertThat(world().demo().files().count("jwt-bearer")).isEqualTo(1);
        assertThat(world().idp().count("refresh")).isLessThanOrEqualTo(1);
    }

    @Test
    @Rules("B7")
    void twentyParallelAdoptionsSendARotatingTokenOnce() throws Exception {
        world().idp().behaviour = IdpBehaviour.rotatingRefreshTokens();
        int reusesBefore = world().idp().reuses();
        String token = login("cursor", DemoUser.ALICE).refreshToken();

        List<Response> answers = inParallel(
                20, i -> () -> world().as("cursor").refreshToken(token).toWiki().send());

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200));
        List<String> handles = answers.stream()
                .map(answer -> answer.<String>path("refresh_token"))
                .toList();
        assertThat(handles).doesNotHaveDuplicates();
        assertThat(world().idp().recording().requests("refresh").stream()
                        .filter(request -> token.equals(request.param("refresh_token"))))
                .hasSize(1);
        for (String handle : handles) {
            assertThat(world().as("cursor").refreshToken(handle).toWiki().send().statusCode())
                    .isEqualTo(200);
        }
        assertThat(world().idp().reuses()).isEqualTo(reusesBefore);
    }

    @Test
    @Rules({"B10", "H12"})
    void endsTheSessionWhenTheIdpSaysThatItIsOverAndRemembersIt() throws Exception {
        Tokens tokens = login("cursor", DemoUser.ALICE);
        String handle = world().as("cursor")
                .refreshToken(tokens.refreshToken())
                .toFiles()
                .send()
                .path("refresh_token");
        world().idp().endSession(tokens.sid());
        world().demo().reset();

        Response first =
                world().as("cursor").refreshToken(handle).toFiles().fresh().send();
        int callsAfterFirst = world().idp().recording().requests().size();
        Response second = world().as("cursor").refreshToken(handle).toFiles().send();
        Response adoptedAgain = world().as("cursor")
                .refreshToken(tokens.refreshToken())
                .toFiles()
                .send();
        Response idToken =
                world().as("cursor").idToken(tokens.idToken()).toFiles().send();

        for (Response answer : List.of(first, second, adoptedAgain, idToken)) {
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
            assertThat(answer.<String>path("reason")).isEqualTo("session-ended");
        }
        assertThat(world().idp().recording().requests()).hasSize(callsAfterFirst);
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
        assertThat(ledgerOf(first)).containsEntry("decision", "denied").containsEntry("reason", "session-ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_denied", "invalid_target", "unauthorized_client"})
    @Rules({"B10", "F8", "G6"})
    void remembersADenialByTheIdpForAMomentAndNeverRetriesIt(String error) throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();
        world().idp().faults().always("token-exchange", Fault.error(400, error));

        Response first = world().as("cursor").refreshToken(handle).toFiles().send();
        Response second = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(first.<String>path("error")).isEqualTo("invalid_target");
        assertThat(second.<String>path("error")).isEqualTo("invalid_target");
        assertThat(world().idp().count("token-exchange")).isEqualTo(1);
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
        assertThat(ledgerOf(first)).containsEntry("peer_error", error);
    }

    @Test
    @Rules("E4")
    void redeemsEachIdJagOnceAndTakesAFreshOneForTheRetry() {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();
        world().demo().files().faults().next("jwt-bearer", Fault.loseAnswer());

        Response answer = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        List<String> assertions = world().demo().files().recording().requests("jwt-bearer").stream()
                .map(request -> request.param("assertion"))
                .toList();
        assertThat(assertions).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    @Rules("F6")
    void withholdsATokenWhoseSessionEndedWhileItWasFetched() throws Exception {
        Tokens tokens = login("cursor", DemoUser.ALICE);
        String handle = world().as("cursor")
                .refreshToken(tokens.refreshToken())
                .toWiki()
                .send()
                .path("refresh_token");
        var latch = new java.util.concurrent.CountDownLatch(1);
        world().demo().files().faults().next("jwt-bearer", Fault.holdAnswer(latch));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> slow = executor.submit(
                    () -> world().as("cursor").refreshToken(handle).toFiles().send());
            awaitCount(1);
            world().idp().endSession(tokens.sid());
            Response ended =
                    world().as("cursor").refreshToken(handle).toWiki().fresh().send();
            assertThat(ended.<String>path("reason")).isEqualTo("session-ended");
            latch.countDown();

            Response answer = slow.get();

            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
            assertThat(world().ledger(answer.header("X-Request-Id")))
                    .extracting(row -> row.get("decision"))
                    .contains("withheld");
        }
    }

    private void awaitCount(int jwtBearer) throws InterruptedException {
        for (int i = 0; i < 200 && world().demo().files().count("jwt-bearer") < jwtBearer; i++) {
            Thread.sleep(10);
        }
        assertThat(world().demo().files().count("jwt-bearer")).isEqualTo(jwtBearer);
    }

    private static List<Response> inParallel(int callers, java.util.function.IntFunction<Callable<Response>> call)
            throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(Math.min(callers, 100))) {
            List<Callable<Response>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                calls.add(call.apply(i));
            }
            List<Response> answers = new ArrayList<>();
            for (Future<Response> future : executor.invokeAll(calls)) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
