package dev.xaabroker.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One thing wrong with a successful token answer, of the identity provider or of an authorization server. */
public enum AnswerFlaw {
    NO_ACCESS_TOKEN(a -> a.remove("access_token")),
    EMPTY_ACCESS_TOKEN(a -> a.put("access_token", "")),
    ACCESS_TOKEN_NO_TEXT(a -> a.put("access_token", 42)),
    NO_ID_TOKEN(a -> a.remove("id_token")),
    WRONG_ISSUED_TOKEN_TYPE(a -> a.put("issued_token_type", "urn:ietf:params:oauth:token-type:access_token")),
    NO_ISSUED_TOKEN_TYPE(a -> a.remove("issued_token_type")),
    NO_TOKEN_TYPE(a -> a.remove("token_type")),
    UNKNOWN_TOKEN_TYPE(a -> a.put("token_type", "mac")),
    DPOP_TOKEN_TYPE(a -> a.put("token_type", "DPoP")),
    BEARER_TOKEN_TYPE(a -> a.put("token_type", "Bearer")),
    LOWER_CASE_TOKEN_TYPE(
            a -> a.computeIfPresent("token_type", (n, v) -> v.toString().toLowerCase(Locale.ROOT))),
    NO_SCOPE(a -> a.remove("scope")),
    BROADER_SCOPE(a -> a.merge("scope", "admin", (old, more) -> old + " " + more)),
    OTHER_SCOPE(a -> a.put("scope", "admin")),
    /** The first of the granted scopes alone. */
    NARROWER_SCOPE(a -> a.computeIfPresent("scope", (n, v) -> v.toString().split(" ", 2)[0])),
    OTHER_RESOURCE(a -> a.put("resource", "https://other.example/mcp")),
    MORE_RESOURCES(a -> a.compute("resource", (n, r) -> List.of(String.valueOf(r), "https://other.example/mcp"))),
    RESOURCE_NO_TEXT(a -> a.put("resource", Map.of("not", "a string"))),
    EMPTY_RESOURCE(a -> a.put("resource", List.of())),
    NO_EXPIRES_IN(a -> a.remove("expires_in")),
    EXPIRES_IN_AS_TEXT(a -> a.computeIfPresent("expires_in", (n, v) -> v.toString())),
    NEGATIVE_EXPIRES_IN(a -> a.put("expires_in", -1)),
    WITH_REFRESH_TOKEN(a -> a.put("refresh_token", "rt_unasked-for-0123456789"));

    // The lambdas hold nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Consumer<Map<String, Object>> change;

    AnswerFlaw(Consumer<Map<String, Object>> change) {
        this.change = change;
    }

    static Map<String, Object> apply(Set<AnswerFlaw> flaws, Map<String, Object> answer) {
        flaws.forEach(flaw -> flaw.change.accept(answer));
        return answer;
    }
}
