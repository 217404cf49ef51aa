package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A condition as the file writes it and as Java says it.
 *
 * @param holds null stands for an error
 */
record RandomCondition(String text, BiFunction<Policy.Query, Identity, @Nullable Boolean> holds) {

    static final List<RandomCondition> ALL = List.of(
            new RandomCondition("user.dept == \"x\"", (query, user) -> {
                String dept = onlyDept(user);
                return dept == null ? null : dept.equals("x");
            }),
            new RandomCondition("user.dept != \"x\"", (query, user) -> {
                String dept = onlyDept(user);
                return dept == null ? null : !dept.equals("x");
            }),
            new RandomCondition(
                    "has(user.dept)", (query, user) -> user.attributes().containsKey("dept")),
            new RandomCondition("!(\"x\" in user.values.dept)", (query, user) -> {
                List<String> depts = user.attributes().get("dept");
                return depts == null ? null : !depts.contains("x");
            }),
            new RandomCondition("user.dept == \"x\" || user.acr == \"phr\"", (query, user) -> {
                String dept = onlyDept(user);
                if ((dept != null && dept.equals("x"))
                        || (user.acr() != null && user.acr().equals("phr"))) {
                    return true;
                }
                boolean unknown = dept == null || user.acr() == null;
                return unknown ? null : false;
            }),
            new RandomCondition("request.scopes.exists(s, s == \"x\")", (query, user) -> query.scopes()
                    .map(scopes -> scopes.values().contains("x"))
                    .orElse(false)),
            new RandomCondition("session.age < duration(\"1h\")", (query, user) -> query.sessionBegan()
                    .map(began -> query.at().minusSeconds(3600).isBefore(began))
                    .orElse(null)),
            new RandomCondition("request.time < timestamp(\"2026-09-02T00:00:00Z\")", (query, user) -> query.at()
                    .isBefore(Instant.parse("2026-09-02T00:00:00Z"))));

    private static @Nullable String onlyDept(Identity user) {
        List<String> depts = user.attributes().get("dept");
        return depts == null || depts.size() > 1 ? null : depts.getFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
