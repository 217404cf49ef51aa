package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.policy.RandomWorld.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * POLICY.md once more, in the plainest way: every rule is looked at for every question, and the answer is one line. What
 * one rule says about one user stands in {@link RandomWorld.Rule}.
 */
record NaiveEvaluator(RandomWorld world) {

    String decide(Policy.Query query, Identity user) {
        String client = query.client().id();
        String idp = world.idpOfClient().get(client);
        String server = query.resource().replaceAll("https://|\\.example", "");
        String audience = "https://as." + server + ".example";
        if (world.isDisabled(client)) return "client-disabled";
        if (!RandomWorld.OFFERED.containsKey(server)) return "server-unknown";
        if (world.isDisabled(server)) return "server-disabled";
        if (world.isDisabled(idp)) return "idp-disabled";
        if (!query.audience().orElse(audience).equals(audience)) return "resource-mismatch";

        Set<String> wanted = new TreeSet<>();
        query.scopes().ifPresent(scopes -> wanted.addAll(scopes.values()));
        boolean asked = !wanted.isEmpty();
        List<Rule> denyRules = world.rules(world.denyRules(), client, server);
        denyRules.removeIf(rule -> !rule.includes(idp, user));
        for (Rule rule : denyRules) {
            if (rule.scopes().isEmpty() || rule.hasOneOf(wanted)) return "denied-by-rule:" + rule.id();
        }
        List<Rule> connections = world.rules(world.connections(), client, server);
        if (connections.isEmpty()) return "no-connection";
        if (!asked) {
            List<Rule> open = new ArrayList<>(connections);
            open.removeIf(rule -> rule.fate(null, server, idp, query, user) < Rule.GRANTS);
            if (open.isEmpty()) return Rule.ORDER.get(best(connections, null, server, idp, query, user));
            for (Rule rule : open) wanted.addAll(rule.scopesAt(server));
            for (Rule rule : denyRules) {
                if (rule.hasOneOf(wanted) && taken(denyRules).containsAll(wanted)) return "denied-by-rule:" + rule.id();
            }
            wanted.removeAll(taken(denyRules));
        }
        int worst = Rule.GRANTS;
        for (String scope : wanted) worst = Math.min(worst, best(connections, scope, server, idp, query, user));
        if (worst < Rule.GRANTS) return Rule.ORDER.get(worst);
        connections.removeIf(rule -> rule.fate(null, server, idp, query, user) < Rule.GRANTS
                || (!wanted.isEmpty() && !rule.hasOneOf(wanted)));
        int ttl = connections.stream().mapToInt(Rule::ttlMinutes).min().orElseThrow();
        return "allowed:" + connections.stream().map(Rule::id).toList() + wanted + ttl;
    }

    /** How far the connection gets that gets furthest. */
    private static int best(
            List<Rule> rules, String scope, String server, String idp, Policy.Query query, Identity user) {
        return rules.stream()
                .mapToInt(rule -> rule.fate(scope, server, idp, query, user))
                .max()
                .orElseThrow();
    }

    private static Set<String> taken(List<Rule> denyRules) {
        Set<String> taken = new TreeSet<>();
        denyRules.forEach(rule -> taken.addAll(rule.scopes()));
        return taken;
    }
}
