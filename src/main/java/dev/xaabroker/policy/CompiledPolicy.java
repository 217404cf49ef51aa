package dev.xaabroker.policy;

import static java.util.stream.Collectors.toSet;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.SigningKey;
import dev.xaabroker.grant.SsfStream;
import dev.xaabroker.grant.Status;
import dev.xaabroker.keys.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A file that was read, checked, compiled and tested. */
final class CompiledPolicy implements Policy {

    private final String canonical;
    private final String revision;
    private final Entries entries;
    private final Decider decider;
    private final List<TestResult> tests;
    private final List<SigningKey> signingKeys;

    CompiledPolicy(String canonical, Entries entries, Decider decider, List<TestResult> tests) {
        this.canonical = canonical;
        this.revision = Fingerprint.sha256(canonical);
        this.entries = entries;
        this.decider = decider;
        this.tests = List.copyOf(tests);
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
    public boolean hasConnection(String id) {
        return decider.table().connections().stream()
                .anyMatch(connection -> connection.id().equals(id));
    }

    @Override
    public List<Meeting> meetings() {
        return decider.table().connections().stream()
                .filter(connection -> connection.status() == Status.ENABLED)
                .map(connection ->
                        new Meeting(connection.id(), connection.clients(), connection.servers(), connection.scopes()))
                .toList();
    }

    @Override
    public int connectionCount() {
        return decider.table().connectionCount();
    }

    @Override
    public String tenant() {
        return entries.tenant();
    }

    @Override
    public Usable usable(Instant at) {
        return new Usable(
                entries.clients().values().stream()
                        .filter(client -> client.status() == Status.ENABLED
                                && identityProvider(client).status() == Status.ENABLED)
                        .map(Client::id)
                        .collect(toSet()),
                entries.servers().values().stream()
                        .filter(server -> server.status() == Status.ENABLED)
                        .map(Server::name)
                        .collect(toSet()),
                decider.table().connections().stream()
                        .filter(connection -> connection.isInForce(at))
                        .map(Connection::id)
                        .collect(toSet()));
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
        return Optional.ofNullable(decider.server(resource));
    }

    @Override
    public Optional<IdentityProviderEntry> identityProvider(String name) {
        return Optional.ofNullable(entries.identityProviders().get(name));
    }

    @Override
    public Collection<IdentityProviderEntry> identityProviders() {
        return entries.identityProviders().values();
    }

    @Override
    public Collection<Client> clients() {
        return entries.clients().values();
    }

    @Override
    public Collection<Server> servers() {
        return entries.servers().values();
    }

    /** The same file with every condition taken to hold. */
    CompiledPolicy withoutConditions() {
        Table table = decider.table();
        Table open = new Table(
                entries,
                table.connections().stream().map(Connection::withoutCondition).toList(),
                table.denyRules());
        return new CompiledPolicy(canonical, entries, new Decider(entries, open), tests);
    }

    Entries entries() {
        return entries;
    }

    Table table() {
        return decider.table();
    }

    @Override
    public List<SigningKey> signingKeys() {
        return signingKeys;
    }

    @Override
    public Optional<Decision.Refused> beforeUser(Query query) {
        return decider.beforeUser(query);
    }

    @Override
    public Decision decide(Query query, Identity user) {
        return decider.decide(query, user);
    }

    @Override
    public Explanation explain(Query query, Optional<Identity> user) {
        return decider.explain(query, user);
    }

    @Override
    public List<TestResult> tests() {
        return tests;
    }

    /** Each key once, although several registrations may share it. */
    private static List<SigningKey> signingKeys(Entries entries) {
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        Stream.of(
                        entries.clients().values().stream().map(Client::atIdentityProvider),
                        entries.servers().values().stream()
                                .flatMap(server ->
                                        Stream.concat(Stream.of(server.auth()), server.authFor().values().stream())),
                        entries.identityProviders().values().stream().flatMap(CompiledPolicy::atTransmitter))
                .flatMap(each -> each)
                .forEach(credentials -> {
                    if (credentials instanceof Credentials.PrivateKeyJwt jwt) {
                        keys.putIfAbsent(jwt.key().id(), jwt.key());
                    }
                });
        return keys.values().stream()
                .sorted(java.util.Comparator.comparing(SigningKey::id))
                .toList();
    }

    private static Stream<Credentials> atTransmitter(IdentityProviderEntry idp) {
        return idp.signals().ssf().stream().management() instanceof SsfStream.Management.Registration at
                ? Stream.of(at.credentials())
                : Stream.empty();
    }
}
