package dev.xaabroker.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as it arrived.
 *
 * @param kind what it was: {@code token-exchange}, {@code refresh}, {@code jwt-bearer}, {@code metadata}, {@code mcp}, …
 * @param query the raw query string, empty without one
 * @param params the form parameters, decoded, each with all its values in order
 * @param headers all headers, names in lower case
 */
public record RecordedRequest(
        String kind,
        String method,
        String path,
        String query,
        Map<String, List<String>> params,
        Map<String, String> headers,
        Instant time) {

    /** The only value of a form parameter, or null when it is absent. */
    public @Nullable String param(String name) {
        List<String> values = params.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new IllegalStateException(name + " was sent " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Names only: the values are tokens and secrets. */
    @Override
    public String toString() {
        return kind + " " + method + " " + path + " " + params.keySet();
    }
}
