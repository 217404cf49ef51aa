package dev.xaabroker.broker;

import dev.xaabroker.exchange.PeerCheckup;
import dev.xaabroker.exchange.PeerCheckup.Pair;
import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import dev.xaabroker.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which peers to look at. Empty names mean all; what is disabled in the file is looked at only by name.
 *
 * @param identityProviders names of entries
 * @param servers names of entries
 * @param connections ids; their clients' IdPs and their servers are looked at
 */
public record Patients(Set<String> identityProviders, Set<String> servers, Set<String> connections) {

    public Patients {
        identityProviders = Set.copyOf(identityProviders);
        servers = Set.copyOf(servers);
        connections = Set.copyOf(connections);
    }

    /** One peer. */
    interface Patient {

        String name();

        List<Check> look(PeerCheckup checkup);
    }

    private record IdpPatient(IdentityProviderEntry idp, List<Client> clients, List<Pair> pairs) implements Patient {

        @Override
        public String name() {
            return "identity provider " + idp.name();
        }

        @Override
        public List<Check> look(PeerCheckup checkup) {
            return checkup.identityProvider(idp, clients, pairs);
        }
    }

    private record ServerPatient(Server server, List<Pair> pairs) implements Patient {

        @Override
        public String name() {
            return "server " + server.name();
        }

        @Override
        public List<Check> look(PeerCheckup checkup) {
            return checkup.server(server, pairs);
        }
    }

    boolean isEverybody() {
        return identityProviders.isEmpty() && servers.isEmpty() && connections.isEmpty();
    }

    /** @throws IllegalArgumentException when the policy has nothing of a name that was given */
    List<Patient> under(Policy policy) {
        known(
                "--idp",
                identityProviders,
                policy.identityProviders().stream()
                        .map(IdentityProviderEntry::name)
                        .toList());
        known("--server", servers, policy.servers().stream().map(Server::name).toList());
        known(
                "--connection",
                connections,
                policy.meetings().stream().map(Policy.Meeting::connection).toList());
        List<Pair> pairs = pairs(policy);
        List<Patient> patients = new ArrayList<>();
        policy.identityProviders().stream()
                .filter(idp -> isWanted(idp, pairs))
                .sorted(Comparator.comparing(IdentityProviderEntry::name))
                .forEach(idp -> patients.add(idp(policy, idp, pairs)));
        policy.servers().stream()
                .filter(server -> isWanted(server, pairs))
                .sorted(Comparator.comparing(Server::name))
                .forEach(server -> patients.add(new ServerPatient(
                        server, only(pairs, pair -> pair.server().equals(server)))));
        return patients;
    }

    private static void known(String option, Set<String> asked, List<String> known) {
        for (String name : asked) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(option + " " + name + ": the file has none of that name; it has "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private boolean isWanted(IdentityProviderEntry idp, List<Pair> pairs) {
        if (isEverybody()) {
            return idp.status() == Status.ENABLED;
        }
        return identityProviders.contains(idp.name())
                || (!connections.isEmpty()
                        && pairs.stream()
                                .anyMatch(
                                        pair -> pair.client().identityProvider().equals(idp.name())));
    }

    private boolean isWanted(Server server, List<Pair> pairs) {
        if (isEverybody()) {
            return server.status() == Status.ENABLED;
        }
        return servers.contains(server.name())
                || (!connections.isEmpty()
                        && pairs.stream().anyMatch(pair -> pair.server().equals(server)));
    }

    private Patient idp(Policy policy, IdentityProviderEntry idp, List<Pair> pairs) {
        List<Pair> own = only(pairs, pair -> pair.client().identityProvider().equals(idp.name()));
        List<Client> clients = connections.isEmpty()
                ? policy.clients().stream()
                        .filter(client -> client.identityProvider().equals(idp.name()))
                        .filter(client -> client.status() == Status.ENABLED)
                        .sorted(Comparator.comparing(Client::id))
                        .toList()
                : own.stream().map(Pair::client).distinct().toList();
        return new IdpPatient(idp, clients, own);
    }

    private static List<Pair> only(List<Pair> pairs, Predicate<Pair> wanted) {
        return pairs.stream().filter(wanted).toList();
    }

    /** Who meets whom, with the scopes of all connections of the pair. */
    private List<Pair> pairs(Policy policy) {
        Map<String, Pair> pairs = new LinkedHashMap<>();
        for (Policy.Meeting meeting : policy.meetings()) {
            if (connections.isEmpty() || connections.contains(meeting.connection())) {
                for (String id : meeting.clients().stream().sorted().toList()) {
                    policy.client(id)
                            .filter(client -> client.status() == Status.ENABLED)
                            .ifPresent(client -> add(pairs, policy, client, meeting));
                }
            }
        }
        return List.copyOf(pairs.values());
    }

    private static void add(Map<String, Pair> pairs, Policy policy, Client client, Policy.Meeting meeting) {
        policy.servers().stream()
                .filter(server -> meeting.servers().contains(server.name()) && server.status() == Status.ENABLED)
                .sorted(Comparator.comparing(Server::name))
                .forEach(server -> {
                    Scopes given = both(meeting.scopes(), server.scopes());
                    pairs.merge(
                            client.id() + " " + server.name(),
                            new Pair(client, server, given),
                            (one, other) -> new Pair(client, server, union(one.scopes(), other.scopes())));
                });
    }

    private static Scopes both(Scopes a, Scopes b) {
        return a.minus(a.minus(b));
    }

    private static Scopes union(Scopes a, Scopes b) {
        return Scopes.parse(a + " " + b);
    }
}
