package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.User;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the rules: client, server, IdP and audience. The entries count as they stand in this file,
 * whatever the caller holds from an earlier one.
 */
final class Admission {

    private final Entries entries;
    private final Map<String, Server> byResource;

    Admission(Entries entries) {
        this.entries = entries;
        this.byResource = entries.byResource();
    }

    /** Whether a query gets as far as the rules. */
    sealed interface Entrance {

        record Stopped(Reason reason, Failure failure) implements Entrance {}

        record Admitted(Client client, Server server) implements Entrance {}
    }

    @Nullable
    Server server(String resource) {
        return byResource.get(resource);
    }

    /** @param user whom the request is for; null as long as nobody knows */
    Entrance of(Policy.Query query, @Nullable User user) {
        Client client = entries.clients().get(query.client().id());
        Server server = byResource.get(query.resource());
        if (client == null) {
            return stop(Reason.CLIENT_UNKNOWN, "This client is not registered.", "");
        }
        if (client.status() == Status.DISABLED) {
            return stop(Reason.CLIENT_DISABLED, "This client is disabled.", client.owner());
        }
        if (query.shut().clients().contains(client.id())) {
            return stop(Reason.CLIENT_KILLED, "Security has shut this client.", client.owner());
        }
        if (server == null) {
            return stop(Reason.SERVER_UNKNOWN, "No MCP server is configured for this resource.", "");
        }
        if (server.status() == Status.DISABLED) {
            return stop(Reason.SERVER_DISABLED, "This MCP server is disabled.", server.owner());
        }
        if (query.shut().servers().contains(server.name())) {
            return stop(Reason.SERVER_KILLED, "Security has shut this MCP server.", server.owner());
        }
        IdentityProviderEntry idp = entries.identityProviders().get(client.identityProvider());
        if (idp == null || idp.status() == Status.DISABLED) {
            return stop(Reason.IDP_DISABLED, "This client's identity provider is disabled.", "");
        }
        if (user != null && query.shut().users().contains(user.pseudonym())) {
            return stop(Reason.USER_KILLED, "Security has ended this user's access.", "");
        }
        if (query.audience()
                .filter(audience -> !audience.equals(server.audience()))
                .isPresent()) {
            return stop(
                    Reason.RESOURCE_MISMATCH,
                    "The audience is not the authorization server of this resource.",
                    server.owner());
        }
        return new Entrance.Admitted(client, server);
    }

    private Entrance stop(Reason reason, String text, String owner) {
        return new Entrance.Stopped(reason, refusals(owner).plain(reason, text));
    }

    Refusals refusals(String owner) {
        return new Refusals(owner.isEmpty() ? entries.owner() : owner);
    }
}
