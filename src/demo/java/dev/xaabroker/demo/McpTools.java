package dev.xaabroker.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two tools of a demo MCP server: one says who is calling, the other lists something. */
final class McpTools {

    private final String listing;
    private final List<String> things;

    /** @param listing the name of the tool that lists {@code things} */
    McpTools(String listing, List<String> things) {
        this.listing = listing;
        this.things = List.copyOf(things);
    }

    List<Map<String, Object>> list() {
        return List.of(
                tool(listing, "Lists what is here."),
                tool("whoami", "Says whom and what the access token stands for."));
    }

    private static Map<String, Object> tool(String name, String description) {
        Map<String, Object> schema = Map.of("type", "object", "properties", Map.of());
        return Map.of("name", name, "description", description, "inputSchema", schema);
    }

    /** The result of a tool, or null when there is none of that name. */
    @Nullable
    Map<String, Object> call(String tool, Standing caller) {
        if (tool.equals("whoami")) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("subject", caller.subject());
            facts.put("email", caller.email());
            facts.put("client", caller.clientId());
            facts.put("scopes", caller.scopes());
            return result(
                    "You are " + caller.email() + ", here through " + caller.clientId() + ", allowed to "
                            + String.join(" ", caller.scopes()),
                    facts);
        }
        return tool.equals(listing) ? result(String.join("\n", things), Map.of("names", things)) : null;
    }

    private static Map<String, Object> result(String text, Map<String, Object> structured) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("content", List.of(Map.of("type", "text", "text", text)));
        result.put("structuredContent", structured);
        result.put("isError", false);
        return result;
    }
}
