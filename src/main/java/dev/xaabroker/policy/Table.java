package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules by (client, server), so that a decision looks only at those that are about its pair, however many others
 * there are. All lists are in the order of ids, which is the order of precedence among equals.
 */
final class Table {

    /** The connections of one pair. */
    record Cell(List<Offer> enforced, List<Offer> audited) {
        static final Cell EMPTY = new Cell(List.of(), List.of());
    }

    /** A connection on one server, and those of its scopes that the server offers. */
    record Offer(Connection connection, Scopes scopes) {}

    private final Map<String, Map<String, Cell>> cells = new HashMap<>();
    private final Map<String, List<DenyRule>> denyRules = new HashMap<>();
    private final List<Connection> allConnections;
    private final List<DenyRule> allDenyRules;

    Table(Entries entries, List<Connection> connections, List<DenyRule> denyRules) {
        this.allConnections = List.copyOf(connections);
        this.allDenyRules = List.copyOf(denyRules);
        connections.stream()
                .sorted(Comparator.comparing(Connection::id))
                .forEach(connection -> add(connection, entries));
        for (String server : entries.servers().keySet()) {
            this.denyRules.put(
                    server,
                    denyRules.stream()
                            .filter(rule ->
                                    rule.servers() == null || rule.servers().contains(server))
                            .sorted(Comparator.comparing(DenyRule::id))
                            .toList());
        }
    }

    private void add(Connection connection, Entries entries) {
        for (String name : connection.servers()) {
            Server server = entries.servers().get(name);
            if (server != null) {
                Offer offer = new Offer(connection, both(connection.scopes(), server.scopes()));
                for (String client : connection.clients()) {
                    Cell cell = cells.computeIfAbsent(client, c -> new HashMap<>())
                            .computeIfAbsent(name, n -> new Cell(new ArrayList<>(), new ArrayList<>()));
                    (connection.mode() == Mode.ENFORCE ? cell.enforced() : cell.audited()).add(offer);
                }
            }
        }
    }

    /** What is in both. */
    static Scopes both(Scopes a, Scopes b) {
        return a.minus(a.minus(b));
    }

    int connectionCount() {
        return allConnections.size();
    }

    /** All connections, in the order of the file. */
    List<Connection> connections() {
        return allConnections;
    }

    /** All deny rules, in the order of the file. */
    List<DenyRule> denyRules() {
        return allDenyRules;
    }

    Cell cell(Client client, Server server) {
        return cells.getOrDefault(client.id(), Map.of()).getOrDefault(server.name(), Cell.EMPTY);
    }

    List<DenyRule> denyRules(Client client, Server server) {
        return denyRules.getOrDefault(server.name(), List.of()).stream()
                .filter(rule -> rule.isAboutClient(client.id()))
                .toList();
    }
}
