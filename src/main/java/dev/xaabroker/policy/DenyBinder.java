package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code deny}. Without {@code clients}, {@code servers} or {@code scopes} a rule is about all of them. */
final class DenyBinder {

    private final RuleBinder rules;

    DenyBinder(RuleBinder rules) {
        this.rules = rules;
    }

    List<DenyRule> bind(List<Node> items) {
        List<DenyRule> denyRules = new ArrayList<>();
        for (Node item : items) {
            rules.open("a deny rule", item).map(this::one).ifPresent(denyRules::add);
        }
        return denyRules;
    }

    private DenyRule one(Fields fields) {
        Set<String> servers =
                rules.servers(fields, "name a server, or leave it out for all").orElse(null);
        DenyRule rule = new DenyRule(
                rules.id(fields),
                rules.mode(fields),
                rules.clients(fields, "name a client, or leave it out for all").orElse(null),
                servers,
                rules.users(fields, true),
                scopes(fields, servers),
                rules.owner(fields));
        fields.text("reason");
        fields.done();
        return rule;
    }

    /** A misspelt scope would deny nothing in silence, so each must be one that its servers offer. */
    private @Nullable Scopes scopes(Fields fields, @Nullable Set<String> servers) {
        fields.someTexts("scopes", "name a scope, or leave it out for all");
        rules.entries(servers == null ? rules.allServers() : servers)
                .ifPresent(found -> ScopeLists.checkOffered(fields, "scopes", found));
        return ScopeLists.read(fields, "scopes").orElse(null);
    }
}
