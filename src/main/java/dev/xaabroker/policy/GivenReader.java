package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads {@code given} of a test: who asks for what. A user has the claims that the client's IdP maps and no others, and
 * logged in {@code authAge} before {@code at}.
 */
final class GivenReader {

    private static final Set<String> OWN = Set.of("groups", "acr", "idp", "authAge");

    private final Names clientNames;
    private final Map<String, Client> clients;
    private final Names serverNames;
    private final Map<String, Server> servers;
    private final Map<String, IdentityProviderBinder.Bound> idps;

    GivenReader(
            Names clientNames,
            Map<String, Client> clients,
            Names serverNames,
            Map<String, Server> servers,
            Map<String, IdentityProviderBinder.Bound> idps) {
        this.clientNames = clientNames;
        this.clients = clients;
        this.serverNames = serverNames;
        this.servers = servers;
        this.idps = idps;
    }

    Optional<PolicyTest.Given> read(Fields given) {
        given.require("user", "{ groups: [name, …] }, and acr, authAge or mapped claims");
        Client client = named(given.requiredText("client", "a client id"), clientNames, clients);
        Server server = named(given.requiredText("server", "the name of a server"), serverNames, servers);
        Optional<Scopes> scopes = ScopeLists.read(given, "scopes");
        Instant at = given.text("at").flatMap(text -> time(text, given)).orElse(Policy.Query.TIMELESS);
        Duration sessionAge = Values.duration(given, "sessionAge").orElse(null);
        Identity user = given.fields("user", "`user` of a test")
                .map(fields -> user(fields, client, at))
                .orElse(null);
        given.done();
        return client == null || server == null || user == null
                ? Optional.empty()
                : Optional.of(new PolicyTest.Given(user, client, server, scopes, at, sessionAge));
    }

    private static <T> @Nullable T named(Optional<Text> name, Names names, Map<String, T> entries) {
        return name.filter(names::check).map(text -> entries.get(text.value())).orElse(null);
    }

    private static Optional<Instant> time(Text at, Fields given) {
        try {
            return Optional.of(Instant.parse(at.value()));
        } catch (DateTimeException e) {
            given.findings().at(at.at(), "`at` must be a time in UTC, as 2027-03-31T12:00:00Z");
            return Optional.empty();
        }
    }

    private Identity user(Fields user, @Nullable Client client, Instant at) {
        List<Text> groups = user.texts("groups").orElse(List.of());
        Duration authAge = Values.duration(user, "authAge").orElse(null);
        Map<String, List<String>> attributes = new HashMap<>();
        for (Text claim : user.names()) {
            if (!OWN.contains(claim.value())) {
                attributes.put(claim.value(), values(user, claim.value()));
            }
        }
        if (client != null) {
            check(user, client);
        }
        return new Identity(
                new User("test"),
                null,
                Set.copyOf(Values.plain(groups)),
                attributes,
                user.text("acr").map(Text::value).orElse(null),
                authAge == null ? null : at.minus(authAge));
    }

    /** A text, or a list of them. */
    private static List<String> values(Fields user, String claim) {
        return user.node(claim).orElse(null) instanceof SequenceNode
                ? Values.plain(user.texts(claim).orElse(List.of()))
                : user.text(claim).map(text -> List.of(text.value())).orElse(List.of());
    }

    private void check(Fields user, Client client) {
        String idp = client.identityProvider();
        user.text("idp").filter(text -> !text.value().equals(idp)).ifPresent(text -> user.findings()
                .at(
                        text.at(),
                        "users of client " + client.id() + " log in at " + idp + ": write that, or remove `idp`"));
        IdentityProviderBinder.Bound bound = idps.get(idp);
        if (bound == null) {
            return;
        }
        Set<String> mapped = bound.entry().claims().keySet();
        for (Text claim : user.names()) {
            boolean own = OWN.contains(claim.value()) && !claim.value().equals("groups");
            if (!own && !mapped.contains(claim.value())) {
                String hint = Spelling.hint(claim.value(), mapped);
                user.findings()
                        .at(
                                claim.at(),
                                "identity provider " + idp + " maps no claim to `" + claim.value() + "`"
                                        + (hint.isEmpty() ? ": add it to its `claims`, or remove it" : hint));
            }
        }
    }
}
