package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads {@code connections}.
 *
 * <p>{@code scopes} is always written out, so that a scope which a server adds later is not granted by accident.
 * {@code scopes: []} is for servers that offer none.
 */
final class ConnectionBinder {

    private final RuleBinder rules;
    private final Duration ceiling;
    private final Conditions conditions;
    private final Findings findings;

    /** @param ceiling {@code defaults.tokenTtl}: the default, and no connection may go above it */
    ConnectionBinder(RuleBinder rules, Conditions conditions, Duration ceiling) {
        this.rules = rules;
        this.conditions = conditions;
        this.ceiling = ceiling;
        this.findings = rules.findings();
    }

    List<Connection> bind(List<Node> items) {
        List<Connection> connections = new ArrayList<>();
        for (Node item : items) {
            rules.open("a connection", item).map(this::one).ifPresent(connections::add);
        }
        return connections;
    }

    private Connection one(Fields fields) {
        fields.require("clients", "[name, …], clients or client groups");
        fields.require("servers", "[name, …], servers or server groups");
        Set<String> servers = rules.servers(fields, "name a server").orElse(Set.of());
        Users users = rules.users(fields, false);
        Connection connection = new Connection(
                rules.id(fields),
                Values.choice(fields, "status", IdentityProviderBinder.STATUSES).orElse(Status.ENABLED),
                rules.mode(fields),
                rules.clients(fields, "name a client").orElse(Set.of()),
                servers,
                users,
                scopes(fields, rules.entries(servers)),
                requirement(fields),
                fields.text("when")
                        .map(when -> conditions.compile(when, users.idp()))
                        .orElse(null),
                Values.duration(
                        fields, "tokenTtl", ceiling, ceiling, "the ceiling is defaults.tokenTtl, and 5m at the most"),
                ends(fields),
                rules.owner(fields));
        fields.text("reason");
        fields.done();
        return connection;
    }

    private Scopes scopes(Fields fields, Optional<List<Server>> servers) {
        fields.require("scopes", "the scopes it gives; [] only for servers that offer none");
        Scopes scopes = ScopeLists.read(fields, "scopes").orElse(null);
        if (scopes == null) {
            return Scopes.NONE;
        }
        servers.ifPresent(found -> {
            if (ScopeLists.checkOffered(fields, "scopes", found)) {
                found.forEach(server -> checkGives(fields, scopes, server));
            }
        });
        return scopes;
    }

    /** Without any scope the request upstream would name none, and the server would choose: that could be all of them. */
    private void checkGives(Fields fields, Scopes scopes, Server server) {
        if (!server.scopes().isEmpty() && !scopes.intersects(server.scopes())) {
            fields.node("scopes")
                    .ifPresent(node -> findings.at(
                            node,
                            "gives nothing on server " + server.name() + ", which offers " + server.scopes()
                                    + ": add one of its scopes, or remove the server"));
        }
    }

    private static Requirement requirement(Fields fields) {
        return fields.fields("require", "`require` of " + fields.what())
                .map(require -> {
                    String acr = require.text("acr").map(Text::value).orElse(null);
                    Duration maxAuthAge = Values.duration(require, "maxAuthAge").orElse(null);
                    if (require.names().isEmpty()) {
                        require.findings()
                                .at(require.anchor(), "`require` is empty: add acr or maxAuthAge, or remove it");
                    }
                    require.done();
                    return new Requirement(acr, maxAuthAge);
                })
                .orElse(Requirement.NONE);
    }

    /** The date is the last day on which it holds: it ends at 24:00 UTC. */
    private static @Nullable Instant ends(Fields fields) {
        return Values.date(fields, "expires")
                .map(date -> date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                .orElse(null);
    }
}
