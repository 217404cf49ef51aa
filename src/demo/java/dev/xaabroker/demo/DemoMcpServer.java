package dev.xaabroker.demo;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An MCP server at {@code <origin>/mcp}, on the port of the authorization server that guards it: says where to get a token
 * (RFC 9728), takes only tokens issued for itself, and speaks MCP over streamable HTTP in both eras.
 */
public final class DemoMcpServer {

    private final DemoAuthorizationServer guard;
    private final String scope;
    private final McpProtocol protocol;

    /**
     * @param name the server's name, which is also the scope's prefix: {@code files} needs {@code files.read}
     * @param listing the name of its tool that lists {@code things}
     */
    public DemoMcpServer(String name, DemoAuthorizationServer guard, String listing, List<String> things) {
        this.guard = guard;
        this.scope = name + ".read";
        this.protocol = new McpProtocol(name, new McpTools(listing, things));
        guard.server().route("/.well-known/oauth-protected-resource/mcp", "resource-metadata", this::metadata);
        guard.server().route("/mcp", "mcp", this::mcp);
    }

    /** Its RFC 9728 identifier. */
    public String resource() {
        return guard.resource();
    }

    private void metadata(Call call) throws IOException {
        call.json(
                200,
                Map.of(
                        "resource", resource(),
                        "authorization_servers", List.of(guard.issuer()),
                        "scopes_supported", List.of(scope),
                        "bearer_methods_supported", List.of("header")));
    }

    private void mcp(Call call) throws IOException {
        String origin = call.header("Origin");
        if (origin != null && !resource().equals(origin + "/mcp")) {
            call.answer(403, Map.of(), "");
            return;
        }
        String authorization = call.header("Authorization");
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            challenge(call, 401, "");
            return;
        }
        Optional<Standing> caller = guard.standing(authorization.substring(7));
        if (caller.isEmpty() || !caller.get().resource().equals(resource())) {
            challenge(call, 401, "error=\"invalid_token\", ");
        } else if (!caller.get().scopes().contains(scope)) {
            challenge(call, 403, "error=\"insufficient_scope\", ");
        } else if (!call.method().equals("POST")) {
            call.answer(405, Map.of("Allow", "POST"), "");
        } else {
            speak(call, caller.get());
        }
    }

    private void challenge(Call call, int status, String error) throws IOException {
        String metadata = resource().replace("/mcp", "/.well-known/oauth-protected-resource/mcp");
        String challenge = "Bearer " + error + "resource_metadata=\"" + metadata + "\", scope=\"" + scope + "\"";
        call.answer(status, Map.of("WWW-Authenticate", challenge), "");
    }

    private void speak(Call call, Standing caller) throws IOException {
        McpProtocol.Answer answer;
        try {
            answer = protocol.answer(call, Json.read(call.body()), caller);
        } catch (IllegalArgumentException e) {
            answer = McpProtocol.error(400, null, -32700, "Parse error", Map.of());
        }
        Map<String, Object> message = answer.message();
        if (message == null) {
            call.answer(answer.status(), Map.of(), "");
        } else {
            call.json(answer.status(), message);
        }
    }
}
