package dev.xaabroker.grant;

import java.util.Set;

/**
 * What security has shut, whatever the policy file says of it.
 *
 * @param users by pseudonym
 * @param clients by id
 * @param servers by name
 * @param connections by id
 */
public record Kills(Set<String> users, Set<String> clients, Set<String> servers, Set<String> connections) {

    public static final Kills NONE = new Kills(Set.of(), Set.of(), Set.of(), Set.of());

    public Kills {
        users = Set.copyOf(users);
        clients = Set.copyOf(clients);
        servers = Set.copyOf(servers);
        connections = Set.copyOf(connections);
    }
}
