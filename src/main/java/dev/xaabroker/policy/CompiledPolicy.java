package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.SigningKey;
import dev.xaabroker.grant.Status;
import dev.xaabroker.keys.Fingerprint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A file that was read, checked and compiled. It first admits client, server, IdP and audience, then asks the rules. */
final class CompiledPolicy implements Policy {

    private final String canonical;
    private final String revision;
    private final Entries entries;
    private final Table table;
    private final Map<String, Server> byResource;
    private final List<SigningKey> signingKeys;

    CompiledPolicy(String canonical, Entries entries, Table table) {
        this.canonical = canonical;
        this.revision = Fingerprint.sha256(canonical);
        this.entries = entries;
        this.table = table;
        this.byResource = entries.byResource();
        this.signingKeys = signingKeys(entries);
    }

    @Override
    public String revision() {
        return revision;
    }

    @Override
    public String canonical() {
        return canonical;
    }

    @Override
    public String tenant() {
        return entries.tenant();
    }

    @Override
    public Duration maxSessionAge() {
        return entries.maxSessionAge();
    }

    @Override
    public Optional<Client> client(String clientId) {
        return Optional.ofNullable(entries.clients().get(clientId));
    }

    @Override
    public IdentityProviderEntry identityProvider(Client client) {
        IdentityProviderEntry idp = entries.identityProviders().get(client.identityProvider());
        if (idp == null) {
            throw Failure.Denied.of(Reason.CLIENT_UNKNOWN, "This client is not registered any more.")
                    .refusal();
        }
        return idp;
    }

    @Override
    public Optional<Server> server(String resource) {
        return Optional.ofNullable(byResource.get(resource));
    }

    @Override
    public List<SigningKey> signingKeys() {
        return signingKeys;
    }

    @Override
    public Optional<Decision.Refused> beforeUser(Query query) {
        return switch (admit(query)) {
            case Entrance.Stopped(Failure failure) -> Optional.of(new Decision.Refused(failure, List.of()));
            case Entrance.Admitted admitted -> new WithoutUser(question(admitted, query)).refusal();
        };
    }

    @Override
    public Decision decide(Query query, Identity user) {
        return switch (admit(query)) {
            case Entrance.Stopped(Failure failure) -> new Decision.Refused(failure, List.of());
            case Entrance.Admitted admitted -> new WithUser(question(admitted, query), user).decide();
        };
    }

    private Question question(Entrance.Admitted admitted, Query query) {
        Client client = admitted.client();
        Server server = admitted.server();
        return new Question(
                client.identityProvider(),
                server,
                entries.fingerprints().getOrDefault(server.name(), ""),
                table.cell(client, server),
                table.denyRules(client, server),
                query.scopes().filter(scopes -> !scopes.isEmpty()),
                query.at(),
                refusals(server.owner()));
    }

    /** What stands before the rules. */
    private sealed interface Entrance {
        record Stopped(Failure failure) implements Entrance {}

        record Admitted(Client client, Server server) implements Entrance {}
    }

    /** The entries count as they stand in this file, whatever the caller holds from an earlier one. */
    private Entrance admit(Query query) {
        Client client = entries.clients().get(query.client().id());
        Server server = byResource.get(query.resource());
        if (client == null) {
            return stop(Reason.CLIENT_UNKNOWN, "This client is not registered.", "");
        }
        if (client.status() == Status.DISABLED) {
            return stop(Reason.CLIENT_DISABLED, "This client is disabled.", client.owner());
        }
        if (server == null) {
            return stop(Reason.SERVER_UNKNOWN, "No MCP server is configured for this resource.", "");
        }
        if (server.status() == Status.DISABLED) {
            return stop(Reason.SERVER_DISABLED, "This MCP server is disabled.", server.owner());
        }
        if (identityProvider(client).status() == Status.DISABLED) {
            return stop(Reason.IDP_DISABLED, "This client's identity provider is disabled.", "");
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
        return new Entrance.Stopped(refusals(owner).plain(reason, text));
    }

    private Refusals refusals(String owner) {
        return new Refusals(owner.isEmpty() ? entries.owner() : owner);
    }

    /** Each key once, although several registrations may share it. */
    private static List<SigningKey> signingKeys(Entries entries) {
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        Stream.concat(
                        entries.clients().values().stream().map(Client::atIdentityProvider),
                        entries.servers().values().stream()
                                .flatMap(server ->
                                        Stream.concat(Stream.of(server.auth()), server.authFor().values().stream())))
                .forEach(credentials -> {
                    if (credentials instanceof Credentials.PrivateKeyJwt jwt) {
                        keys.putIfAbsent(jwt.key().id(), jwt.key());
                    }
                });
        return keys.values().stream()
                .sorted(java.util.Comparator.comparing(SigningKey::id))
                .toList();
    }
}
