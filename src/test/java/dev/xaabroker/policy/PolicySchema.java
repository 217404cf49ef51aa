package dev.xaabroker.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema that is shipped, as an editor would use it. */
final class PolicySchema {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final JsonNode SOURCE = read();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SOURCE);

    private PolicySchema() {}

    private static JsonNode read() {
        try {
            return JSON.readTree(Files.readString(Path.of("policies/managed-connections.schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the schema says against {@code policy}; empty when it is fine. */
    static List<String> errors(JsonNode policy) {
        return SCHEMA.validate(policy).stream().map(Object::toString).toList();
    }

    /** What an editor sees of a YAML text; read by the library's own constructor, not by ours. */
    static JsonNode json(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(32 * 1024 * 1024)
                .setBufferSize(yaml.length() + 2)
                .build();
        return JSON.valueToTree(new Load(settings).loadFromString(yaml));
    }

    /** The part of the schema that is about what stands at {@code path}: keys, and {@code []} for an item. */
    static JsonNode at(List<String> path) {
        JsonNode at = SOURCE;
        for (String step : path) {
            JsonNode schema = resolved(at);
            if (step.equals("[]")) {
                at = schema.get("items");
            } else if (schema.path("properties").has(step)) {
                at = schema.get("properties").get(step);
            } else {
                at = schema.get("additionalProperties");
            }
            if (at == null) {
                throw new AssertionError("the schema knows nothing of " + path);
            }
        }
        return resolved(at);
    }

    /** Follows references; of alternatives it takes the one that is a collection. */
    private static JsonNode resolved(JsonNode schema) {
        JsonNode at = schema;
        while (at.has("$ref") || at.has("anyOf")) {
            at = at.has("$ref")
                    ? SOURCE.at(at.get("$ref").textValue().substring(1))
                    : at.get("anyOf").get(1);
        }
        return at;
    }
}
