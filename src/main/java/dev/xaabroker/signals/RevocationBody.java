package dev.xaabroker.signals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a revocation request: one subject identifier, under {@code sub_id}, or {@code subject} as the earlier drafts and
 * Okta's guide have it.
 */
final class RevocationBody {

    private static final String TYPE = "application/json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RevocationBody() {}

    /** @throws Problem.Stopped when it is anything else */
    static Map<String, Object> subject(@Nullable String contentType, String body) {
        if (contentType == null
                || !contentType
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(TYPE)) {
            throw Problem.malformed("Content-Type must be " + TYPE + ".").stop();
        }
        JsonNode root = read(body);
        if (!root.isObject() || root.has("sub_id") == root.has("subject")) {
            throw Problem.malformed("The body must be an object with sub_id or subject, one of them.")
                    .stop();
        }
        JsonNode subject = root.has("sub_id") ? root.get("sub_id") : root.get("subject");
        if (!subject.isObject()) {
            throw Problem.malformed("The subject must be an object (RFC 9493).").stop();
        }
        Map<String, Object> members = new HashMap<>();
        subject.properties().forEach(member -> {
            if (member.getValue().isTextual()) {
                members.put(member.getKey(), member.getValue().textValue());
            }
        });
        return members;
    }

    /** The parser's message quotes the body, so it goes nowhere. */
    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw Problem.malformed("The body is not JSON with each member once.")
                    .stop();
        }
    }
}
