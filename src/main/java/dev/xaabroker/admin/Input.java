package dev.xaabroker.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, read by hand: a member that is unknown, missing, twice there or of another type is a
 * {@link Problem} that names it.
 */
record Input(JsonNode node, String path) {

    private static final int LARGEST = 16 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");

    /** Reads a body of at most 16 KiB. */
    static Input body(@Nullable String text) {
        String body = text == null ? "" : text;
        if (body.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
            throw Problem.of(413, "too-large", "The body is too large", "A body has at most 16 KiB.")
                    .stop();
        }
        try {
            return new Input(JSON.readTree(body), "").requireObject();
        } catch (JsonProcessingException malformed) {
            // Its message quotes the body.
            throw Problem.of(
                            400,
                            "malformed",
                            "The body is not JSON",
                            "Line " + line(malformed) + " of the body: not JSON"
                                    + " (RFC 8259), or a member stands there twice.")
                    .stop();
        }
    }

    private static int line(JsonProcessingException malformed) {
        return malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr();
    }

    /** Refuses members other than these. */
    Input only(String... known) {
        node.fieldNames().forEachRemaining(name -> {
            if (!Set.of(known).contains(name)) {
                throw Problem.field(shortened(at(name)), "not known here; known are " + String.join(", ", known))
                        .stop();
            }
        });
        return this;
    }

    Optional<Input> object(String name) {
        return member(name).map(found -> new Input(found, at(name)).requireObject());
    }

    String required(String name) {
        return text(name).filter(value -> !value.isEmpty()).orElseThrow(() -> Problem.field(at(name), "missing")
                .stop());
    }

    Optional<String> text(String name) {
        return member(name).map(found -> text(found, at(name)));
    }

    /** The strings of an array; absent when there is no such member. */
    Optional<List<String>> texts(String name) {
        return member(name).map(found -> texts(found, at(name)));
    }

    /** As {@code 90s}, {@code 10m}, {@code 8h} or {@code 2d}. */
    Optional<Duration> duration(String name) {
        return text(name).map(value -> {
            Matcher parts = DURATION.matcher(value);
            if (!parts.matches()) {
                throw Problem.field(at(name), "write a duration as 90s, 10m, 8h or 2d")
                        .stop();
            }
            long amount = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        });
    }

    static List<String> texts(JsonNode found, String path) {
        if (!found.isArray()) {
            throw Problem.field(path, "must be an array of strings").stop();
        }
        List<String> values = new ArrayList<>();
        for (JsonNode element : found) {
            values.add(text(element, path + "[" + values.size() + "]"));
        }
        return values;
    }

    static String text(JsonNode found, String path) {
        if (!found.isTextual()) {
            throw Problem.field(path, "must be a string").stop();
        }
        return found.textValue();
    }

    private Input requireObject() {
        if (!node.isObject()) {
            throw Problem.field(path.isEmpty() ? "(body)" : path, "must be a JSON object")
                    .stop();
        }
        return this;
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(node.get(name));
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(100, name.length()));
    }
}
