package dev.xaabroker.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON object that a peer sent, read strictly: a duplicate member, trailing text or a member of the wrong type rejects
 * it (RULES D12). It may hold tokens, so it is never printed, and no parser message leaves this class.
 */
final class Document {

    /** The largest document accepted, in bytes of UTF-8. */
    static final int MAX_BYTES = 256 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;

    private Document(JsonNode object) {
        this.object = object;
    }

    /** What a peer sent cannot be used. The message names the member at most. */
    static final class Malformed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads {@code body}.
     *
     * @throws Malformed when it is anything but one JSON object of at most {@link #MAX_BYTES}
     */
    static Document parse(String body) {
        JsonNode node = read(body);
        if (!node.isObject()) {
            throw new Malformed("not a JSON object");
        }
        return new Document(node);
    }

    /**
     * Reads {@code body} as a list of objects; one object alone is a list of itself.
     *
     * @throws Malformed when it is anything else
     */
    static List<Document> parseAll(String body) {
        JsonNode node = read(body);
        if (!node.isArray()) {
            return List.of(parse(body));
        }
        List<Document> documents = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isObject()) {
                throw new Malformed("a list of something other than objects");
            }
            documents.add(new Document(item));
        }
        return List.copyOf(documents);
    }

    private static JsonNode read(String body) {
        if (body.length() > MAX_BYTES || body.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new Malformed("larger than 256 kB");
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException broken) {
            throw new Malformed("not JSON");
        }
    }

    boolean has(String member) {
        return object.hasNonNull(member);
    }

    /** An object member; empty when it is absent or null. */
    Optional<Document> object(String member) {
        if (!has(member)) {
            return Optional.empty();
        }
        JsonNode value = object.get(member);
        if (!value.isObject()) {
            throw new Malformed("member " + member + " is not an object");
        }
        return Optional.of(new Document(value));
    }

    /** The members of this object, each of which must be a string, in their order. */
    Map<String, String> textMembers() {
        Map<String, String> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!member.getValue().isTextual()) {
                throw new Malformed("it holds something other than strings");
            }
            members.put(member.getKey(), member.getValue().textValue());
        }
        return members;
    }

    /** All members, as maps, lists, texts, numbers and flags. */
    Map<String, Object> members() {
        return JSON.convertValue(object, new TypeReference<Map<String, Object>>() {});
    }

    /** Whether a member is this very string. */
    boolean says(String member, String value) {
        JsonNode found = object.get(member);
        return found != null && found.isTextual() && found.textValue().equals(value);
    }

    /** A string member; empty when it is absent or null. */
    Optional<String> text(String member) {
        if (!has(member)) {
            return Optional.empty();
        }
        JsonNode value = object.get(member);
        if (!value.isTextual()) {
            throw new Malformed("member " + member + " is not a string");
        }
        return Optional.of(value.textValue());
    }

    /** A string member that must be there and say something. */
    String required(String member) {
        return text(member)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new Malformed("member " + member + " is missing"));
    }

    /** An array of strings; empty when it is absent or null. */
    Optional<List<String>> texts(String member) {
        if (!has(member)) {
            return Optional.empty();
        }
        JsonNode array = object.get(member);
        if (!array.isArray()) {
            throw new Malformed("member " + member + " is not an array");
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : array) {
            if (!value.isTextual()) {
                throw new Malformed("member " + member + " holds something other than strings");
            }
            values.add(value.textValue());
        }
        return Optional.of(List.copyOf(values));
    }

    /** A string, or an array of strings, as RFC 8707 identifiers come. */
    Optional<List<String>> textOrTexts(String member) {
        return has(member) && object.get(member).isTextual() ? text(member).map(List::of) : texts(member);
    }

    /** A boolean member; false when it is absent or null. */
    boolean flag(String member) {
        if (has(member) && !object.get(member).isBoolean()) {
            throw new Malformed("member " + member + " is neither true nor false");
        }
        return has(member) && object.get(member).booleanValue();
    }

    /** A whole number; some peers send it as a string of digits. */
    OptionalLong number(String member) {
        if (!has(member)) {
            return OptionalLong.empty();
        }
        JsonNode value = object.get(member);
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return OptionalLong.of(value.longValue());
        }
        if (value.isTextual() && value.textValue().matches("[0-9]{1,18}")) {
            return OptionalLong.of(Long.parseLong(value.textValue()));
        }
        throw new Malformed("member " + member + " is not a whole number");
    }
}
