package dev.xaabroker.keys;

import dev.xaabroker.keys.JwtRejected.Part;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims of one JWT, read with their JSON types (RFC 7519 s4; RULES C5): a date is a number, never a string. */
final class Claims {

    private static final int MAX_ID_LENGTH = 512;
    private static final double LATEST = 253_402_300_799d;

    private final Map<String, Object> all;

    Claims(Map<String, Object> all) {
        this.all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    Map<String, Object> all() {
        return all;
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    /** A string that must be there and not be empty. */
    String string(String name) {
        String value = optionalString(name);
        if (value == null || value.isEmpty()) {
            throw new JwtRejected("claim " + name + " is missing or empty");
        }
        return value;
    }

    @Nullable
    String optionalString(String name) {
        Object value = all.get(name);
        if (value != null && !(value instanceof String)) {
            throw new JwtRejected("claim " + name + " is not a string");
        }
        return (String) value;
    }

    /** Requires a string claim to equal {@code expected}, byte for byte. */
    void equal(String name, String expected) {
        if (!string(name).equals(expected)) {
            throw new JwtRejected("claim " + name + " is not the expected one");
        }
    }

    /** Requires {@code iss} to be {@code expected}, byte for byte. */
    void issuer(String expected) {
        if (!expected.equals(all.get("iss"))) {
            throw JwtRejected.of(Part.ISSUER, "claim iss is not the expected one");
        }
    }

    /** Requires {@code aud} to name nobody but those of {@code ours}, and at least one of them. */
    void audienceWithin(Set<String> ours) {
        if (!audience().stream().allMatch(ours::contains)) {
            throw JwtRejected.of(Part.AUDIENCE, "claim aud is not for us");
        }
    }

    /** Requires {@code aud} to name {@code us}, whoever else it names. */
    void audienceWith(String us) {
        if (!audience().contains(us)) {
            throw JwtRejected.of(Part.AUDIENCE, "claim aud does not name us");
        }
    }

    private List<String> audience() {
        try {
            return strings("aud");
        } catch (JwtRejected malformed) {
            throw JwtRejected.of(Part.AUDIENCE, String.valueOf(malformed.getMessage()));
        }
    }

    /** A {@code jti} that must be there and fit where it is remembered. */
    String id() {
        String id = string("jti");
        if (id.length() > MAX_ID_LENGTH) {
            throw new JwtRejected("claim jti is too long");
        }
        return id;
    }

    /** A JSON object that must be there. */
    Map<String, Object> object(String name) {
        if (all.get(name) instanceof Map<?, ?> map) {
            Map<String, Object> object = new LinkedHashMap<>();
            map.forEach((member, value) -> object.put(String.valueOf(member), value));
            return Collections.unmodifiableMap(object);
        }
        throw new JwtRejected("claim " + name + " is no JSON object");
    }

    /** Requires that there is no claim of this name: it would make the JWT one of another kind. */
    void absent(String name) {
        if (has(name)) {
            throw new JwtRejected("claim " + name + " must not be there");
        }
    }

    /** A NumericDate (seconds) that must be there. */
    Instant date(String name) {
        Instant value = optionalDate(name);
        if (value == null) {
            throw new JwtRejected("claim " + name + " is missing");
        }
        return value;
    }

    @Nullable
    Instant optionalDate(String name) {
        Object value = all.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= LATEST) {
            return Instant.ofEpochMilli(Math.round(number.doubleValue() * 1000));
        }
        throw new JwtRejected("claim " + name + " is not a date in seconds");
    }

    /** A string, or an array of different non-empty strings, at least one (RFC 7519 s4.1.3). */
    List<String> strings(String name) {
        List<?> values = all.get(name) instanceof List<?> list ? list : List.of(string(name));
        List<String> strings = values.stream()
                .filter(value -> value instanceof String text && !text.isEmpty())
                .map(String.class::cast)
                .distinct()
                .toList();
        if (strings.isEmpty() || strings.size() != values.size()) {
            throw new JwtRejected("claim " + name + " is not a string or an array of different strings");
        }
        return strings;
    }

    /** Requires {@code aud} to be {@code expected} and nothing else: a string or an array of one (RULES C7). */
    void onlyAudience(String expected) {
        if (!strings("aud").equals(List.of(expected))) {
            throw new JwtRejected("claim aud is not exactly the expected one");
        }
    }

    @Override
    public String toString() {
        return "Claims[hidden]";
    }
}
