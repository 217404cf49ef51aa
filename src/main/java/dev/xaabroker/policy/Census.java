package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Server;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whom a policy tells apart in each of its cells, and what each of them gets. Conditions are taken to hold. */
final class Census {

    private final CompiledPolicy asWritten;
    private final CompiledPolicy policy;
    private final Instant at;
    private final Map<String, Client> clients;
    private final Map<String, Server> servers;

    Census(Policy policy, Instant at) {
        this.asWritten = (CompiledPolicy) policy;
        this.policy = asWritten.withoutConditions();
        this.at = at;
        this.clients = byName(policy.clients(), Client::id);
        this.servers = byName(policy.servers(), Server::name);
    }

    private static <T> Map<String, T> byName(Collection<T> entries, Function<T, String> name) {
        return entries.stream().collect(Collectors.toMap(name, entry -> entry, (a, b) -> a, TreeMap::new));
    }

    Set<String> clients() {
        return clients.keySet();
    }

    Set<String> servers() {
        return servers.keySet();
    }

    Optional<Client> client(String id) {
        return Optional.ofNullable(clients.get(id));
    }

    Optional<Server> server(String name) {
        return Optional.ofNullable(servers.get(name));
    }

    /** Connections of the cell, those in audit mode too. */
    List<Connection> connections(String client, String server) {
        Client known = clients.get(client);
        Server reached = servers.get(server);
        if (known == null || reached == null) {
            return List.of();
        }
        Table.Cell cell = asWritten.table().cell(known, reached);
        return Stream.concat(cell.enforced().stream(), cell.audited().stream())
                .map(Table.Offer::connection)
                .toList();
    }

    List<DenyRule> denyRules(String client, String server) {
        Client known = clients.get(client);
        Server reached = servers.get(server);
        return known == null || reached == null ? List.of() : policy.table().denyRules(known, reached);
    }

    /** The groups that rules of the cell name, as the client's IdP names them. */
    Set<String> groups(String client, String server) {
        Client known = clients.get(client);
        Set<String> groups = new TreeSet<>();
        if (known != null) {
            List<Users> users = new ArrayList<>();
            connections(client, server).forEach(connection -> users.add(connection.users()));
            denyRules(client, server).forEach(rule -> users.add(rule.users()));
            for (Users named : users) {
                if (named instanceof Users.InGroups in && in.couldBeAt(known.identityProvider())) {
                    groups.addAll(in.groups());
                }
            }
        }
        return groups;
    }

    List<Requirement> requirements(String client, String server) {
        return connections(client, server).stream().map(Connection::requirement).toList();
    }

    /** What a member of {@code groups} gets who asks for no particular scope. */
    Access outcome(String client, String server, Collection<String> groups, Login login) {
        return Access.of(policy.decide(query(client, server), login.of(groups, at)));
    }

    /** A client or server that this file does not know is asked for all the same: the refusal is the answer. */
    private Policy.Query query(String client, String server) {
        Client known = clients.getOrDefault(client, stranger(client));
        String resource =
                Optional.ofNullable(servers.get(server)).map(Server::resource).orElse("");
        return new Policy.Query(known, resource, Optional.empty(), Optional.empty(), at);
    }

    @SuppressWarnings("NullAway") // decide looks a client up by its id and reads nothing else of it
    static Client stranger(String id) {
        return new Client(id, "", null, null, "", null);
    }
}
