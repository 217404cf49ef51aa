package dev.xaabroker.exchange;

import dev.xaabroker.grant.IdentityProviderEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The claims that the file maps, and no others, under their names in policy. */
record MappedClaims(Set<String> groups, Map<String, List<String>> attributes) {

    private static final String GROUPS = "groups";

    static MappedClaims of(IdentityProviderEntry idp, Map<String, Object> all) {
        Set<String> groups = new HashSet<>();
        Map<String, List<String>> attributes = new HashMap<>();
        idp.claims().forEach((name, claim) -> {
            List<String> values = strings(all.get(claim)).toList();
            if (name.equals(GROUPS)) {
                groups.addAll(values);
            } else if (!values.isEmpty()) {
                attributes.put(name, values);
            }
        });
        return new MappedClaims(groups, attributes);
    }

    /**
     * A claim that rules may see and that stands elsewhere (OIDC Core s5.6.2), as at Entra for a user of very many groups:
     * without it a rule that denies one of those groups would let the user pass.
     */
    static Optional<String> elsewhere(IdentityProviderEntry idp, Map<String, Object> all) {
        return all.get("_claim_names") instanceof Map<?, ?> names
                ? idp.claims().values().stream().filter(names::containsKey).findAny()
                : Optional.empty();
    }

    /** A claim as strings; an object in it means nothing to policy and is left out. */
    private static Stream<String> strings(@Nullable Object claim) {
        return switch (claim) {
            case null -> Stream.empty();
            case String text -> Stream.of(text);
            case Number number -> Stream.of(number.toString());
            case Boolean flag -> Stream.of(flag.toString());
            case Collection<?> several ->
                several.stream()
                        .filter(each -> !(each instanceof Collection<?>))
                        .flatMap(MappedClaims::strings);
            default -> Stream.empty();
        };
    }
}
