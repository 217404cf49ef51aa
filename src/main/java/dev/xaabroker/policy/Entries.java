package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Server;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the file lists, before any rule: identity providers, clients and servers by their names.
 *
 * @param owner whom to ask when nobody else is named; empty when the file does not say
 * @param fingerprints SHA-256 of each server's entry, by its name
 */
record Entries(
        String tenant,
        String owner,
        Duration maxSessionAge,
        Map<String, IdentityProviderEntry> identityProviders,
        Map<String, Client> clients,
        Map<String, Server> servers,
        Map<String, String> fingerprints) {

    Entries {
        identityProviders = Map.copyOf(identityProviders);
        clients = Map.copyOf(clients);
        servers = Map.copyOf(servers);
        fingerprints = Map.copyOf(fingerprints);
    }

    /** Servers by resource and by each alias, byte for byte. */
    Map<String, Server> byResource() {
        Map<String, Server> byResource = new HashMap<>();
        for (Server server : servers.values()) {
            byResource.put(server.resource(), server);
            server.aliases().forEach(alias -> byResource.put(alias, server));
        }
        return Map.copyOf(byResource);
    }
}
