package dev.xaabroker.policy;

import dev.xaabroker.grant.Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads what connections and deny rules have in common: ids, whom and what they are about, mode, owner. */
final class RuleBinder {

    private static final Map<String, Mode> MODES = Values.lowerCase(Mode.values());

    private final Names clients;
    private final Names servers;
    private final Map<String, Server> entries;
    private final UsersBinder users;
    private final Findings findings;
    private final Map<String, Node> ids = new HashMap<>();

    RuleBinder(Names clients, Names servers, Map<String, Server> entries, UsersBinder users, Findings findings) {
        this.clients = clients;
        this.servers = servers;
        this.entries = entries;
        this.users = users;
        this.findings = findings;
    }

    Findings findings() {
        return findings;
    }

    /** Opens one item of {@code connections} or {@code deny}. */
    Optional<Fields> open(String what, Node item) {
        return Fields.open(what, item, item, findings);
    }

    /** The rule's id. Connections and deny rules share one set of them: the ledger names both in one place. */
    String id(Fields fields) {
        Text id = fields.requiredText("id", "a name that is the only one of its kind, for reasons and the ledger")
                .orElse(null);
        if (id == null) {
            return "";
        }
        Values.checkName(id, findings);
        Node before = ids.putIfAbsent(id.value(), id.at());
        if (before != null) {
            findings.at(
                    id.at(),
                    "the connection or deny rule " + Findings.place(before, id.at()) + " has the id `" + id.value()
                            + "` already: choose a different one");
        }
        return id.value();
    }

    Mode mode(Fields fields) {
        return Values.choice(fields, "mode", MODES).orElse(Mode.ENFORCE);
    }

    String owner(Fields fields) {
        return fields.text("owner").map(Text::value).orElse("");
    }

    Users users(Fields fields, boolean deny) {
        return users.read(fields, deny);
    }

    Optional<Set<String>> clients(Fields fields, String whenEmpty) {
        return fields.someTexts("clients", whenEmpty).map(clients::expand);
    }

    Optional<Set<String>> servers(Fields fields, String whenEmpty) {
        return fields.someTexts("servers", whenEmpty).map(servers::expand);
    }

    /** The servers called {@code names}; absent when there is none or one could not be read, which is reported elsewhere. */
    Optional<List<Server>> entries(Set<String> names) {
        return !names.isEmpty() && entries.keySet().containsAll(names)
                ? Optional.of(names.stream().map(entries::get).toList())
                : Optional.empty();
    }

    Set<String> allServers() {
        return servers.all();
    }
}
