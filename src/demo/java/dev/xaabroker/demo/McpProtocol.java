package dev.xaabroker.demo;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Model Context Protocol in both eras (FACTS 3.5): 2026-07-28, where each request says all about itself, and the
 * revisions before it, which begin with {@code initialize}. No sessions are minted, no streams opened.
 */
final class McpProtocol {

    static final String MODERN = "2026-07-28";
    private static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18", "2025-03-26");
    private static final List<String> SUPPORTED = List.of(MODERN, "2025-11-25", "2025-06-18", "2025-03-26");
    private static final String VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
    private static final String CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";
    private static final int INVALID_REQUEST = -32600;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;
    private static final int HEADER_MISMATCH = -32020;
    private static final int UNSUPPORTED_VERSION = -32022;

    /** Status and JSON-RPC message; no message for a notification. */
    record Answer(int status, @Nullable Map<String, Object> message) {}

    private final String name;
    private final McpTools tools;

    McpProtocol(String name, McpTools tools) {
        this.name = name;
        this.tools = tools;
    }

    Answer answer(Call call, Map<String, Object> message, Standing caller) {
        Object id = message.get("id");
        if (!"2.0".equals(message.get("jsonrpc")) || !(message.get("method") instanceof String method)) {
            return error(400, id, INVALID_REQUEST, "not a JSON-RPC request", Map.of());
        }
        Map<String, Object> params = object(message.get("params"));
        Map<String, Object> meta = object(params.get("_meta"));
        String header = call.header("MCP-Protocol-Version");
        boolean modern = meta.containsKey(VERSION_KEY) || (header != null && !LEGACY.contains(header));
        if (!modern) {
            return id == null ? new Answer(202, null) : legacy(id, method, params, caller);
        }
        String version = meta.get(VERSION_KEY) instanceof String text ? text : "";
        if (!version.equals(header)
                || !method.equals(call.header("Mcp-Method"))
                || !nameMatches(call, method, params)) {
            return error(400, id, HEADER_MISMATCH, "headers and body differ, or a header is missing", Map.of());
        }
        if (!version.equals(MODERN)) {
            Map<String, Object> data = Map.of("supported", SUPPORTED, "requested", version);
            return error(400, id, UNSUPPORTED_VERSION, "Unsupported protocol version", data);
        }
        if (!(meta.get(CAPABILITIES_KEY) instanceof Map)) {
            return error(400, id, INVALID_PARAMS, CAPABILITIES_KEY + " is missing", Map.of());
        }
        return id == null ? new Answer(202, null) : modern(id, method, params, caller);
    }

    private static boolean nameMatches(Call call, String method, Map<String, Object> params) {
        if (!method.equals("tools/call")) {
            return true;
        }
        String header = call.header("Mcp-Name");
        if (header != null && header.startsWith("=?base64?") && header.endsWith("?=")) {
            byte[] bytes = Base64.getDecoder().decode(header.substring(9, header.length() - 2));
            header = new String(bytes, StandardCharsets.UTF_8);
        }
        return Objects.equals(header, params.get("name"));
    }

    private Answer legacy(Object id, String method, Map<String, Object> params, Standing caller) {
        return switch (method) {
            case "initialize" -> result(id, initialize(params));
            case "ping" -> result(id, new LinkedHashMap<>());
            case "tools/list" -> result(id, new LinkedHashMap<>(Map.of("tools", tools.list())));
            case "tools/call" -> call(id, params, caller, false);
            default -> error(200, id, METHOD_NOT_FOUND, "Method not found", Map.of());
        };
    }

    private Answer modern(Object id, String method, Map<String, Object> params, Standing caller) {
        return switch (method) {
            case "server/discover" -> result(id, complete(discover()));
            case "tools/list" -> {
                Map<String, Object> result = complete(new LinkedHashMap<>(Map.of("tools", tools.list())));
                result.put("ttlMs", 60_000);
                result.put("cacheScope", "private");
                yield result(id, result);
            }
            case "tools/call" -> call(id, params, caller, true);
            default -> error(404, id, METHOD_NOT_FOUND, "Method not found", Map.of());
        };
    }

    private Answer call(Object id, Map<String, Object> params, Standing caller, boolean modern) {
        Map<String, Object> result = tools.call(String.valueOf(params.get("name")), caller);
        if (result == null) {
            return error(modern ? 400 : 200, id, INVALID_PARAMS, "Unknown tool", Map.of());
        }
        return result(id, modern ? complete(result) : result);
    }

    private Map<String, Object> initialize(Map<String, Object> params) {
        Object asked = params.get("protocolVersion");
        Map<String, Object> result = identity();
        result.put("protocolVersion", asked instanceof String s && LEGACY.contains(s) ? s : LEGACY.getFirst());
        return result;
    }

    private Map<String, Object> discover() {
        Map<String, Object> result = identity();
        result.put("supportedVersions", SUPPORTED);
        result.put("ttlMs", 3_600_000);
        result.put("cacheScope", "public");
        return result;
    }

    private Map<String, Object> identity() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("capabilities", Map.of("tools", Map.of()));
        result.put("serverInfo", Map.of("name", "demo-" + name, "version", "1.0.0"));
        return result;
    }

    private static Map<String, Object> complete(Map<String, Object> result) {
        result.put("resultType", "complete");
        return result;
    }

    private static Answer result(Object id, Map<String, Object> result) {
        return new Answer(200, message(id, "result", result));
    }

    static Answer error(int status, @Nullable Object id, int code, String text, Map<String, Object> data) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", text);
        if (!data.isEmpty()) {
            error.put("data", data);
        }
        return new Answer(status, message(id, "error", error));
    }

    private static Map<String, Object> message(@Nullable Object id, String member, Map<String, Object> value) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        if (id != null) {
            message.put("id", id);
        }
        message.put(member, value);
        return message;
    }

    private static Map<String, Object> object(@Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> copy.put(String.valueOf(k), v));
        }
        return copy;
    }
}
