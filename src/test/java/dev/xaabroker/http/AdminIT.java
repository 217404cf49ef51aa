package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin face tells those who may ask, with tokens that the demo IdP really signs. */
class AdminIT implements OverHttp {

    static final String AUDIENCE = "https://broker.acme.example/admin";

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of());
        world.restartWith(Map.of("xaa.admin.issuer", world.idp().issuer(), "xaa.admin.audience", AUDIENCE));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static AdminCall as(String... roles) {
        return new AdminCall(world, world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of(roles)));
    }

    @Test
    void explainsWhyAUserIsLetIn() {
        Response answer = as("xaa-it").explain("""
                {"user": {"groups": ["engineering"], "acr": "phr", "authAge": "10m", "attributes": {"dept": "x"}},
                 "client": "cursor", "server": "files", "scopes": ["files.read"]}""");

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<String>path("decision")).isEqualTo("allow");
        assertThat(answer.<String>path("reason")).isEqualTo("allowed:engineering-files");
        assertThat(answer.<List<String>>path("connections")).containsExactly("engineering-files");
        assertThat(answer.<List<String>>path("scopes")).containsExactly("files.read");
        assertThat(answer.<String>path("ttl")).isEqualTo("300s");
        assertThat(answer.<List<?>>path("steps")).isNotEmpty();
        assertThat(answer.<String>path("revision")).matches("[0-9a-f]{64}");
    }

    @Test
    void decidesLikeTheTokenEndpointAndUnderTheSameRevision() throws Exception {
        Response refused = world.as("cursor")
                .refreshToken(login("cursor", DemoUser.BOB).refreshToken())
                .toFiles()
                .send();

        Response byResource =
                as("xaa-auditor").explain("""
                {"user": {"groups": ["sales"]}, "client": "cursor", "server": "%s"}""".formatted(world.demo().files().resource()));

        assertThat(byResource.<String>path("decision")).isEqualTo("deny");
        assertThat(byResource.<String>path("reason")).isEqualTo(refused.<String>path("reason"));
        assertThat(byResource.<String>path("owner")).isEqualTo(refused.<String>path("owner"));
        assertThat(byResource.<String>path("revision"))
                .isEqualTo(ledgerOf(refused).get("revision"));
    }

    @ParameterizedTest
    @CsvSource({"nobody, files, client-unknown", "cursor, nowhere, server-unknown"})
    void explainsWhatNoEntryNames(String client, String server, String reason) {
        Response answer = as("xaa-it").explain("{\"client\": \"%s\", \"server\": \"%s\"}".formatted(client, server));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.<String>path("reason")).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'client': 'cursor'}; server",
                "{'server': 'files'}; client",
                "{'client': 7, 'server': 'files'}; client",
                "{'client': 'cursor', 'server': 'files', 'clinet': 'x'}; clinet",
                "{'client': 'cursor', 'server': 'files', 'scopes': 'files.read'}; scopes",
                "{'client': 'cursor', 'server': 'files', 'scopes': ['a\"b']}; scopes",
                "{'client': 'cursor', 'server': 'files', 'scopes': [null]}; scopes[0]",
                "{'client': 'cursor', 'server': 'files', 'user': []}; user",
                "{'client': 'cursor', 'server': 'files', 'user': {'groups': ['a', 1]}}; user.groups[1]",
                "{'client': 'cursor', 'server': 'files', 'user': {'authAge': 'long'}}; user.authAge",
                "{'client': 'cursor', 'server': 'files', 'user': {'attributes': {'d': 1}}}; user.attributes.d",
                "[]; (body)"
            })
    void namesTheFieldThatIsWrong(String body, String field) {
        Response answer = as("xaa-it").explain(body.replace("a\"b", "a b").replace('\'', '"'));

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.<String>path("field")).isEqualTo(field);
        assertThat(answer.<String>path("detail")).startsWith(field + ": ");
        assertThat(answer.<String>path("request_id")).isEqualTo(answer.header("X-Request-Id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"client\": \"a\", \"client\": \"b\"}", "{} {}", "null"})
    void refusesABodyThatIsNotOneJsonObject(String body) {
        assertThat(as("xaa-it").explain(body).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesALargeBodyAndAnotherMediaType() {
        String large = "{\"client\": \"%s\", \"server\": \"files\"}".formatted("x".repeat(17_000));

        assertThat(as("xaa-it").explain(large).statusCode()).isEqualTo(413);
        Response text = as("xaa-it")
                .request()
                .contentType("text/plain")
                .body("{}")
                .post(world.broker().url("/admin/policy/explain"));
        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(text.contentType()).startsWith("application/problem+json");
    }

    @Test
    void keepsThePoliciesThatWereInForce() {
        Response history = as("xaa-auditor").get("/admin/policy/history?limit=5");

        assertThat(history.statusCode()).as(history.asString()).isEqualTo(200);
        assertThat(history.<String>path("revisions[0].tenant")).isEqualTo("acme");
        assertThat(Instant.parse(history.path("revisions[0].loadedAt"))).isBefore(Instant.now());
        String revision = history.path("revisions[0].revision");
        Response content = as("xaa-auditor").get("/admin/policy/history/" + revision);
        assertThat(content.<String>path("revision")).isEqualTo(revision);
        assertThat(Fingerprint.sha256(content.<String>path("content"))).isEqualTo(revision);
        assertThat(content.asString()).doesNotContain("cursor-demo-secret").contains("file:");
    }

    @Test
    void knowsNoRevisionThatNeverWas() {
        Response unknown = as("xaa-auditor").get("/admin/policy/history/" + "0".repeat(64));
        Response malformed = as("xaa-auditor").get("/admin/policy/history/latest");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.<String>path("type")).endsWith(":revision-unknown");
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(malformed.<String>path("field")).isEqualTo("revision");
    }

    @Test
    void tellsWhoConnectedAndWhatIsStillKnownOfThem() throws Exception {
        Instant before = Instant.now();
        String handle = handleOf("cursor", DemoUser.ALICE);
        Response connected = world.as("cursor")
                .refreshToken(handle)
                .with("scope", "files.read")
                .toFiles()
                .send();

        Response ledger = as("xaa-security").get("/admin/ledger/requests?since=" + before);

        Map<String, Object> request =
                ledger.path("requests.find { it.requestId == '%s' }", connected.header("X-Request-Id"));
        assertThat(request)
                .containsEntry("client", "cursor")
                .containsEntry("server", "files")
                .containsEntry("asked", List.of("files.read"))
                .containsEntry("decision", "allowed")
                .containsEntry("connections", List.of("engineering-files"))
                .containsEntry("user", ledgerOf(connected).get("user_id"))
                .containsEntry("revision", ledgerOf(connected).get("revision"))
                .containsEntry("claims", "last-known")
                .containsEntry("groups", List.of("engineering"))
                .containsEntry("acr", "phr")
                .containsKey("authTime");
        assertThat(ledger.asString()).doesNotContain(DemoUser.ALICE.sub()).doesNotContain(DemoUser.ALICE.email());
    }

    @Test
    void marksRequestsWhoseClaimsAreGone() {
        Instant before = Instant.now();
        Response sessionless = world.as("cursor")
                .idToken(login("cursor", DemoUser.ALICE).idToken())
                .toWiki()
                .send();

        Response ledger = as("xaa-it").get("/admin/ledger/requests?since=" + before);

        Map<String, Object> request =
                ledger.path("requests.find { it.requestId == '%s' }", sessionless.header("X-Request-Id"));
        assertThat(request).containsEntry("claims", "unknown").doesNotContainKey("groups");
    }

    @Test
    void leavesOutNoRequestFromPageToPage() {
        String since = Instant.now().toString();
        List<String> sent = new ArrayList<>();
        String handle = handleOf("vscode", DemoUser.ALICE);
        for (int i = 0; i < 5; i++) {
            sent.add(world.as("vscode").refreshToken(handle).toWiki().send().header("X-Request-Id"));
        }

        List<String> read = new ArrayList<>();
        String until = Instant.now().plusSeconds(1).toString();
        String cursor = "";
        while (cursor != null) {
            Response page =
                    as("xaa-it").get("/admin/ledger/requests?limit=2&since=" + since + "&until=" + until + cursor);
            assertThat(page.<List<?>>path("requests")).hasSizeLessThanOrEqualTo(2);
            read.addAll(page.path("requests.requestId"));
            cursor = page.path("next") == null ? null : "&cursor=" + page.path("next");
        }
        assertThat(read).doesNotHaveDuplicates().containsSubsequence(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "since=yesterday, since",
        "since=2026-11-21T09:00:00, since",
        "since=%2B999999999-01-01T00:00:00Z, since",
        "since=2026-11-21T09:00:00Z&until=2026-11-20T09:00:00Z, until",
        "limit=0, limit",
        "limit=1001, limit",
        "limit=-1, limit",
        "cursor=1' or 1=1, cursor"
    })
    void namesTheParameterThatIsWrong(String query, String field) {
        Response answer = as("xaa-it")
                .get("/admin/ledger/requests?" + query.replace(" ", "%20").replace("'", "%27"));

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.<String>path("field")).isEqualTo(field);
    }

    @Test
    @Rules("K5")
    void logsWhoAskedWhatAndNoToken() throws Exception {
        String token = world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of("xaa-it", "everyone"));

        String requestId =
                new AdminCall(world, token).get("/admin/policy/history").header("X-Request-Id");

        assertThat(world.broker().log().lines())
                .anyMatch(line -> line.contains(requestId)
                        && line.contains("path=/admin/policy/history")
                        && line.contains("status=200")
                        && line.contains("role=xaa-it ")
                        && line.matches(".*who=[A-Za-z0-9_-]{43} .*"));
        assertThat(world.broker().log())
                .doesNotContain(token)
                .doesNotContain(token.substring(token.lastIndexOf('.')))
                .doesNotContain(DemoUser.ALICE.sub());
    }

    @Test
    void describesItselfAndShowsNoPagesToClickOn() {
        Response document = world.get("/q/openapi?format=json");

        assertThat(document.<Map<String, ?>>path("paths").keySet())
                .contains("/oauth2/token", "/admin/policy/history/{revision}", "/admin/ledger/requests")
                .allMatch(path -> path.equals("/oauth2/token") || path.startsWith("/admin/"));
        assertThat(world.get("/q/swagger-ui").statusCode()).isEqualTo(404);
    }
}
