package dev.xaabroker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoMcpServerTest {

    private static final String META = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""";

    @TempDir
    static Path folder;

    private DemoWorld world;
    private DemoAuthorizationServer ras;

    @BeforeEach
    void start() throws IOException {
        world = DemoWorld.start(DemoWorld.Ports.ANY, folder);
        ras = world.files();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private String token(String scope, String resource) {
        Instant expires = Instant.now().plusSeconds(60);
        return ras.remember(
                new Standing("00u-1", "alice@acme.example", "acme-broker", List.of(scope), resource, expires));
    }

    private HttpRequest.Builder request(String body) {
        return HttpRequest.newBuilder(URI.create(ras.resource()))
                .header("Authorization", "Bearer " + token("files.read", ras.resource()))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder modern(String method, String params) {
        return request("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params + META
                        + "}}")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
    }

    private static Object result(HttpForm.Answer answer, String member) {
        return ((Map<?, ?>) answer.json().get("result")).get(member);
    }

    private static Object code(HttpForm.Answer answer) {
        return ((Map<?, ?>) answer.json().get("error")).get("code");
    }

    @Test
    void saysWhereToGetATokenAndTakesNoneOfAnotherServer() throws Exception {
        HttpForm.Answer none = HttpForm.get(ras.resource());
        assertThat(none.status()).isEqualTo(401);
        String challenge = none.raw().headers().firstValue("WWW-Authenticate").orElseThrow();
        String metadata = challenge.replaceAll(".*resource_metadata=\"([^\"]*)\".*", "$1");
        assertThat(HttpForm.get(metadata).json())
                .containsEntry("resource", ras.resource())
                .containsEntry("authorization_servers", List.of(ras.issuer()));

        HttpForm.Answer foreign = HttpForm.send(
                request("{}").setHeader("Authorization", "Bearer " + token("files.read", "https://other.example/mcp")));
        assertThat(foreign.status()).isEqualTo(401);
        assertThat(foreign.raw().headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("invalid_token");
        HttpForm.Answer weak =
                HttpForm.send(request("{}").setHeader("Authorization", "Bearer " + token("other", ras.resource())));
        assertThat(weak.status()).isEqualTo(403);
    }

    @Test
    void servesOneModernRequestWithoutAHandshake() throws Exception {
        HttpForm.Answer discovered = HttpForm.send(modern("server/discover", ""));
        assertThat(result(discovered, "resultType")).isEqualTo("complete");
        assertThat((List<?>) result(discovered, "supportedVersions")).first().isEqualTo("2026-07-28");

        HttpForm.Answer called =
                HttpForm.send(modern("tools/call", "\"name\":\"whoami\",").header("Mcp-Name", "whoami"));
        assertThat(result(called, "structuredContent")).asString().contains("alice@acme.example", "acme-broker");
    }

    @Test
    void refusesAModernRequestWhoseHeadersAndBodyDiffer() throws Exception {
        HttpForm.Answer nameless = HttpForm.send(modern("tools/call", "\"name\":\"whoami\","));
        assertThat(nameless.status()).isEqualTo(400);
        assertThat(code(nameless)).isEqualTo(-32020);
        HttpForm.Answer other = HttpForm.send(modern("tools/list", "").setHeader("Mcp-Method", "tools/call"));
        assertThat(code(other)).isEqualTo(-32020);
        HttpForm.Answer unknown = HttpForm.send(modern("tools/dance", ""));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(code(unknown)).isEqualTo(-32601);
    }

    @Test
    void servesALegacyClientThatInitializes() throws Exception {
        HttpForm.Answer initialized = HttpForm.send(request("""
                        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}"""));
        assertThat(result(initialized, "protocolVersion")).isEqualTo("2025-11-25");
        HttpForm.Answer notified =
                HttpForm.send(request("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                        .header("MCP-Protocol-Version", "2025-11-25"));
        assertThat(notified.status()).isEqualTo(202);
        HttpForm.Answer called = HttpForm.send(
                request("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"list_files\"}}")
                        .header("MCP-Protocol-Version", "2025-11-25"));
        assertThat(result(called, "content")).asString().contains("roadmap.md");
    }
}
