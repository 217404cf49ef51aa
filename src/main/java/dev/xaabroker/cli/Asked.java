package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import dev.xaabroker.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who asks for what: a request that is only thought of. */
final class Asked {

    @Option(names = "--client", required = true, paramLabel = "ID", description = "The client that asks.")
    String client;

    @Option(
            names = "--server",
            required = true,
            paramLabel = "NAME|RESOURCE",
            description = "The server that it asks for, by its name or as clients call it.")
    String server;

    @Option(names = "--user-groups", split = ",", paramLabel = "GROUP", description = "The user's groups.")
    Set<String> groups = Set.of();

    @Option(names = "--acr", description = "The acr of the user's login.")
    @Nullable
    String acr;

    @Option(
            names = "--auth-age",
            paramLabel = "AGE",
            description = "How long ago the user logged in, as 10m; unknown without it, which counts as too long.")
    @Nullable
    Duration authAge;

    @Option(
            names = "--attribute",
            paramLabel = "NAME=VALUE",
            description = "A claim that the file maps, by its name in policy; again for each.")
    List<String> attributes = List.of();

    @Option(names = "--scope", split = "[ ,]", paramLabel = "SCOPE", description = "Scopes asked for; all by default.")
    List<String> scopes = List.of();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "When, as 2027-03-31T12:00:00Z; now by default. Only with a FILE.")
    @Nullable
    Instant at;

    private final Instant now = Instant.now();

    Identity user() {
        Instant when = at == null ? now : at;
        return new Identity(
                new User("explain"), null, groups, attributes(), acr, authAge == null ? null : when.minus(authAge));
    }

    /** @throws Stopped when the file has no such client or server */
    Policy.Query query(Policy policy) {
        Client asking = policy.client(client)
                .orElseThrow(() -> new Stopped("no client is called " + client + "; there are "
                        + names(policy.clients().stream().map(Client::id).toList())));
        String resource = policy.servers().stream()
                .filter(known -> known.name().equals(server))
                .findFirst()
                .map(Server::resource)
                .orElse(server);
        if (policy.server(resource).isEmpty() && !resource.contains("://")) {
            throw new Stopped("no server is called " + server + "; there are "
                    + names(policy.servers().stream().map(Server::name).toList()));
        }
        Optional<Scopes> asked = scopes.isEmpty() ? Optional.empty() : Optional.of(readScopes());
        return new Policy.Query(asking, resource, Optional.empty(), asked, at == null ? now : at);
    }

    private Scopes readScopes() {
        try {
            return Scopes.of(scopes);
        } catch (IllegalArgumentException e) {
            throw new Stopped("--scope holds a character that RFC 6749 s3.3 does not allow");
        }
    }

    private static String names(List<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }

    private Map<String, List<String>> attributes() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String attribute : attributes) {
            int equals = attribute.indexOf('=');
            if (equals < 1) {
                throw new Stopped("--attribute is written NAME=VALUE");
            }
            values.computeIfAbsent(attribute.substring(0, equals), name -> new java.util.ArrayList<>())
                    .add(attribute.substring(equals + 1));
        }
        return values;
    }

    /** The question as the admin face takes it. */
    ObjectNode inJson() {
        if (at != null) {
            throw new Stopped("a running broker answers for now: leave --at out");
        }
        ObjectNode question = PrintingCommand.object().put("client", client).put("server", server);
        ObjectNode user = question.putObject("user");
        user.set("groups", PrintingCommand.array(groups));
        if (acr != null) {
            user.put("acr", acr);
        }
        if (authAge != null) {
            user.put("authAge", authAge.toSeconds() + "s");
        }
        ObjectNode named = user.putObject("attributes");
        attributes().forEach((name, values) -> named.set(name, PrintingCommand.array(values)));
        if (!scopes.isEmpty()) {
            question.set("scopes", PrintingCommand.array(scopes));
        }
        return question;
    }
}
