package dev.xaabroker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls to the admin face with one token. Each answer must be one that the OpenAPI document foresees. */
public final class AdminCall {

    private final BrokerWorld world;
    private final @Nullable String token;

    public AdminCall(BrokerWorld world, @Nullable String token) {
        this.world = world;
        this.token = token;
    }

    public Response get(String path) {
        return foreseen(
                "get",
                path,
                request().urlEncodingEnabled(false).get(world.broker().url(path)));
    }

    public Response explain(String body) {
        return foreseen(
                "post",
                "/admin/policy/explain",
                request()
                        .contentType(ContentType.JSON)
                        .body(body)
                        .post(world.broker().url("/admin/policy/explain")));
    }

    /** Ends a session. */
    public Response end(String session, String reason) {
        return post("/admin/sessions/" + session + "/end", Map.of("reason", reason));
    }

    public Response post(String path, Map<String, String> body) {
        return foreseen(
                "post",
                path,
                request()
                        .contentType(ContentType.JSON)
                        .body(body)
                        .post(world.broker().url(path)));
    }

    public Response post(String path, String body) {
        return foreseen(
                "post",
                path,
                request()
                        .contentType(ContentType.JSON)
                        .body(body)
                        .post(world.broker().url(path)));
    }

    public RequestSpecification request() {
        RequestSpecification request = RestAssured.given().redirects().follow(false);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** The status of a request whose target is sent as it stands: no library tidies it up. */
    public int status(String method, String target) throws IOException {
        URI url = URI.create(world.broker().url("/"));
        String request = method + " " + target + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nConnection: close\r\n" + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
                + "Content-Length: 0\r\n\r\n";
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 ");
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private Response foreseen(String method, String path, Response answer) {
        Map<String, Map<String, Map<String, Object>>> paths = RestAssured.given()
                .accept(ContentType.JSON)
                .get(world.broker().url("/q/openapi"))
                .path("paths");
        String template = path.replaceAll("\\?.*", "")
                .replaceAll("/history/.+", "/history/{revision}")
                .replaceAll("/sessions/[^/]+", "/sessions/{id}");
        assertThat(paths).containsKey(template);
        Map<?, ?> responses = (Map<?, ?>) paths.get(template).get(method).get("responses");
        assertThat(responses.containsKey(Integer.toString(answer.statusCode())))
                .as("%s %s answers %d", method, template, answer.statusCode())
                .isTrue();
        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f-]{36}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        return answer;
    }
}
