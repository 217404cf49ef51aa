package dev.xaabroker.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which rules were added, removed or edited, in words. */
final class RuleChanges {

    private RuleChanges() {}

    static List<String> between(Policy before, Policy after) {
        Map<String, Object> older = rules(before);
        Map<String, Object> newer = rules(after);
        List<String> words = new ArrayList<>();
        newer.forEach((id, rule) -> {
            Object was = older.get(id);
            if (was == null) {
                words.add("added " + id);
            } else if (!was.equals(rule)) {
                words.add("edited " + id);
            }
        });
        older.keySet().stream().filter(id -> !newer.containsKey(id)).forEach(id -> words.add("removed " + id));
        Collections.sort(words);
        return words;
    }

    private static Map<String, Object> rules(Policy policy) {
        Table table = ((CompiledPolicy) policy).table();
        Map<String, Object> rules = new TreeMap<>();
        table.connections()
                .forEach(connection -> rules.put(
                        "connection " + connection.id(),
                        List.of(connection.withoutCondition(), connection.conditionText())));
        table.denyRules().forEach(rule -> rules.put("deny rule " + rule.id(), rule));
        return rules;
    }
}
