package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the schema against the loader, both ways. What the loader knows is read from what it says: it names the keys that
 * it knows when it meets one that it does not, and the values that it knows likewise.
 */
class PolicySchemaTest {

    private static final JsonNode FULL = full();
    private static final String NONSENSE = "zqzqzqzqzq";

    /** What only the loader can know: it needs the rest of the file, the other files, or a calendar. */
    private static final Pattern BEYOND_A_SCHEMA = Pattern.compile("is called|listed twice|already|offers|gives nothing"
            + "|does not say which claim|several identity providers|the ceiling is|date that exists|must be a time in UTC"
            + "|at least one, by name|is not set|no private key|no JWK Set"
            + "|must be https|is known without|log in at|test .* (fails|failed)|`when` |maps no claim|is given nothing"
            + "|`recheck` drops to");

    private static JsonNode full() {
        try {
            return PolicySchema.json(Files.readString(Path.of("src/test/resources/policy/full.yaml")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> findings(JsonNode policy) {
        try {
            PolicyReader.reviewing(true).read("policy.yaml", policy.toString(), Path.of("/nowhere"));
            return List.of();
        } catch (PolicyInvalid invalid) {
            return invalid.findings().stream().map(Finding::message).toList();
        }
    }

    @Test
    void theFileOfEveryKeyIsFineForBoth() {
        assertThat(findings(FULL)).isEmpty();
        assertThat(PolicySchema.errors(FULL)).isEmpty();
    }

    @Test
    void eachMappingHasTheKeysThatTheLoaderAsksForAndNoOthers() {
        IdentityHashMap<JsonNode, Set<String>> asked = new IdentityHashMap<>();
        for (JsonPlaces.Place place : JsonPlaces.of(FULL)) {
            if (place.in(FULL).isObject()) {
                ObjectNode more = ((ObjectNode) place.in(FULL).deepCopy()).put(NONSENSE, "x");
                JsonNode policy = place.steps().isEmpty() ? more : place.replaced(FULL, more);
                JsonNode schema = PolicySchema.at(place.path(FULL));
                Set<String> known = matches(findings(policy), "unknown key.* in .*; it knows (.*)");

                assertThat(known.isEmpty())
                        .as("%s takes any key", place)
                        .isEqualTo(!schema.path("additionalProperties").isBoolean());
                asked.computeIfAbsent(schema, s -> new TreeSet<>()).addAll(known);
            }
        }
        asked.forEach((schema, known) -> {
            if (!known.isEmpty()) {
                Set<String> properties = new TreeSet<>();
                schema.get("properties").fieldNames().forEachRemaining(properties::add);
                assertThat(properties)
                        .as(schema.path("description").textValue())
                        .isEqualTo(known);
            }
        });
        assertThat(asked).as("all kinds of mapping were looked at").hasSizeGreaterThan(25);
    }

    /** Otherwise the comparison above would pass over a key that only the schema knows below an absent one. */
    @Test
    void theFileOfEveryKeyHasEveryKeyOfTheSchema() {
        IdentityHashMap<JsonNode, Set<String>> used = new IdentityHashMap<>();
        for (JsonPlaces.Place place : JsonPlaces.of(FULL)) {
            JsonNode here = place.in(FULL);
            if (here.isObject()) {
                Set<String> keys = used.computeIfAbsent(PolicySchema.at(place.path(FULL)), s -> new LinkedHashSet<>());
                here.fieldNames().forEachRemaining(keys::add);
            }
        }
        used.forEach((schema, keys) -> {
            Set<String> properties = new LinkedHashSet<>();
            schema.path("properties").fieldNames().forEachRemaining(properties::add);
            assertThat(keys).as(schema.path("description").textValue()).containsAll(properties);
        });
    }

    @Test
    void eachChoiceHasTheValuesThatTheLoaderTakes() {
        int choices = 0;
        for (JsonPlaces.Place place : JsonPlaces.of(FULL)) {
            if (place.in(FULL).isTextual()) {
                JsonNode schema = PolicySchema.at(place.path(FULL));
                JsonNode policy = place.replaced(FULL, PolicySchema.JSON.valueToTree(NONSENSE));
                Set<String> taken = matches(findings(policy), "must be one of ([^;]*)");

                assertThat(values(schema)).as(place.toString()).isEqualTo(taken);
                choices += taken.isEmpty() ? 0 : 1;
            }
        }
        assertThat(choices).isGreaterThan(25);
    }

    @Test
    void bothRequireTheSameKeys() {
        for (JsonPlaces.Place place : JsonPlaces.of(FULL)) {
            if (!place.steps().isEmpty()
                    && place.parent().in(FULL).isObject()
                    && !place.steps()
                            .equals(List.of("identityProviders"))) { // another file of the directory may hold them
                JsonNode without = place.removed(FULL);
                String key = place.steps().getLast();

                assertThat(PolicySchema.errors(without).isEmpty())
                        .as(place.toString())
                        .isEqualTo(findings(without).stream()
                                .noneMatch(message -> message.contains(" needs `" + key + "`")
                                        || message.contains("is empty: add acr")));
            }
        }
    }

    /** Values of the file are exchanged for these: what one side refuses by its form, the other refuses. */
    @Test
    void bothTakeTheSameValues() {
        List<JsonNode> pool = new ArrayList<>();
        Stream.of(
                        "5m",
                        "5x",
                        "05m",
                        "300s",
                        "301s",
                        "6m",
                        "61s",
                        "1h",
                        "2027-03-31",
                        "2027-13-01",
                        "2027-3-1",
                        "a b",
                        "a,b",
                        "name",
                        "x".repeat(101),
                        "cost-center",
                        "env:X",
                        "env:",
                        "env:A-B",
                        "file:",
                        "file:x",
                        "https://a.example",
                        "http://a.example",
                        "https://a.example/p",
                        "https://a.example/p?q=1",
                        "https://a.example/p#f",
                        "https://u@a.example",
                        "http://localhost:1/x",
                        "http://[::1]/",
                        "*",
                        "é",
                        " ",
                        "",
                        "any",
                        "true",
                        "a\"b",
                        "a\\b",
                        "client-killed",
                        "client-kiled",
                        "allowed:x")
                .map(text -> PolicySchema.JSON.<JsonNode>valueToTree(text))
                .forEach(pool::add);
        Stream.of("5", "0", "10001", "1.5", "true", "null", "[]", "{}", "[5]", "[\"x\"]", "[\"x\", \"x\"]", "[[]]")
                .map(PolicySchema::json)
                .forEach(pool::add);
        List<JsonPlaces.Place> places = JsonPlaces.of(FULL);
        Random random = new Random(20261121);
        for (int run = 0; run < Integer.getInteger("xaa.runs", 1_500); run++) {
            JsonPlaces.Place place = places.get(1 + random.nextInt(places.size() - 1));
            JsonNode value = pool.get(random.nextInt(pool.size()));
            JsonNode policy = place.replaced(FULL, value);
            List<String> findings = findings(policy);
            List<String> errors = PolicySchema.errors(policy);
            String as = place + " = " + value + "\nloader " + findings + "\nschema " + errors;

            if (findings.isEmpty()) {
                assertThat(errors).as(as).isEmpty();
            }
            if (findings.stream()
                    .anyMatch(message -> !BEYOND_A_SCHEMA.matcher(message).find())) {
                assertThat(errors).as(as).isNotEmpty();
            }
        }
    }

    @Test
    void theReasonsOfTestsAreThoseOfTheDecision() {
        String pattern = PolicySchema.at(List.of("tests", "[]", "expect", "reason"))
                .get("pattern")
                .textValue();
        String codes = Stream.of(Reason.values()).map(Reason::code).collect(Collectors.joining("|"));

        assertThat(pattern).isEqualTo("^(" + codes + ")(:|$)");
    }

    /** The elements of the lists that {@code pattern} finds in any of {@code messages}. */
    private static Set<String> matches(List<String> messages, String pattern) {
        Set<String> elements = new TreeSet<>();
        for (String message : messages) {
            Matcher matcher = Pattern.compile(pattern).matcher(message);
            if (matcher.find()) {
                elements.addAll(List.of(matcher.group(1).split(", ")));
            }
        }
        return elements;
    }

    private static Set<String> values(JsonNode schema) {
        Set<String> values = new TreeSet<>();
        schema.path("enum").forEach(value -> values.add(value.textValue()));
        if (schema.has("const")) {
            values.add(schema.get("const").textValue());
        }
        return values;
    }
}
