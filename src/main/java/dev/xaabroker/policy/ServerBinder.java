package dev.xaabroker.policy;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code servers}. */
final class ServerBinder {

    private static final Map<String, Server.Tier> TIERS = Values.lowerCase(Server.Tier.values());
    private static final Map<String, LongTokens> LONG_TOKENS =
            Map.of("refuse", LongTokens.REFUSE, "revoke", LongTokens.REVOKE, "accept", LongTokens.ACCEPT);

    private final Names clientNames;
    private final CredentialsBinder credentials;
    private final Identifiers identifiers;
    private final String fallbackOwner;
    private final Findings findings;

    /** Which server a resource or alias stands for: exact strings. */
    private final Map<String, String> resources = new HashMap<>();

    ServerBinder(
            Names clientNames,
            CredentialsBinder credentials,
            Identifiers identifiers,
            String fallbackOwner,
            Findings findings) {
        this.clientNames = clientNames;
        this.credentials = credentials;
        this.identifiers = identifiers;
        this.fallbackOwner = fallbackOwner;
        this.findings = findings;
    }

    Map<String, Server> bind(Fields section) {
        Map<String, Server> servers = new LinkedHashMap<>();
        for (Text name : section.names()) {
            Values.checkName(name, findings);
            section.fields(name.value(), "server " + name.value())
                    .flatMap(fields -> one(name.value(), fields))
                    .ifPresent(server -> servers.put(server.name(), server));
        }
        return servers;
    }

    private Optional<Server> one(String name, Fields fields) {
        String resource = resource(name, fields);
        List<Text> aliases = fields.texts("aliases").orElse(List.of());
        aliases.forEach(alias -> claim(alias, name));
        Optional<Text> audience = fields.requiredText("audience", "the issuer identifier of its authorization server");
        audience.ifPresent(text -> identifiers.checkIssuer(text, "audience"));
        fields.require("auth", "the broker's credentials there: { method, clientId, key or secret }");
        Optional<Credentials> auth = fields.secretFields("auth", "`auth` of " + fields.what())
                .flatMap(found -> credentials.atPeer(found, AssertionShape.STANDARD));
        Map<String, Credentials> authFor = authFor(fields, shape(auth));
        PeerBinder.Send send = PeerBinder.send(fields);
        Server.Tier tier = Values.choice(fields, "tier", TIERS).orElse(Server.Tier.INTERNAL);
        Status status =
                Values.choice(fields, "status", IdentityProviderBinder.STATUSES).orElse(Status.ENABLED);
        String owner = fields.text("owner").map(Text::value).orElse(fallbackOwner);
        fields.require("scopes", "all scopes that it offers, [] when it has none");
        Scopes scopes = ScopeLists.read(fields, "scopes").orElse(Scopes.NONE);
        LongTokens longTokens = Values.choice(fields, "longTokens", LONG_TOKENS).orElse(LongTokens.REFUSE);
        boolean assumeCapable = Values.flag(fields, "assumeCapable", false);
        List<String> origins = PeerBinder.tokenEndpointOrigins(fields, identifiers);
        var peer = PeerBinder.peer(fields, "ras:" + name);
        fields.done();
        return auth.map(credential -> new Server(
                name,
                resource,
                Values.plain(aliases),
                audience.map(Text::value).orElse(""),
                owner,
                tier,
                status,
                scopes,
                longTokens,
                credential,
                authFor,
                send.resource(),
                send.scope(),
                assumeCapable,
                origins,
                peer));
    }

    private String resource(String name, Fields fields) {
        Optional<Text> resource = fields.requiredText("resource", "its resource identifier (RFC 9728)");
        resource.ifPresent(text -> {
            identifiers.checkResource(text, "resource");
            claim(text, name);
        });
        return resource.map(Text::value).orElse("");
    }

    /** A resource leads to one server only, or a request could reach another's authorization server (RULES G4). */
    private void claim(Text resource, String server) {
        String other = resources.putIfAbsent(resource.value(), server);
        if (other != null) {
            findings.at(
                    resource.at(), "server " + other + " has this resource or alias already: remove one of the two");
        }
    }

    /** What this server's assertions look like; it expects the same for every client id. */
    private static AssertionShape shape(Optional<Credentials> auth) {
        return auth.orElse(null) instanceof Credentials.PrivateKeyJwt jwt ? jwt.shape() : AssertionShape.STANDARD;
    }

    private Map<String, Credentials> authFor(Fields fields, AssertionShape shape) {
        Map<String, Credentials> authFor = new LinkedHashMap<>();
        fields.secretFields("authFor", "`authFor` of " + fields.what()).ifPresent(section -> {
            for (Text client : section.names()) {
                clientNames.check(client);
                section.secretFields(client.value(), "`authFor` " + client.value() + " of " + fields.what())
                        .flatMap(found -> credentials.atPeer(found, shape))
                        .ifPresent(found -> authFor.put(client.value(), found));
            }
        });
        return authFor;
    }
}
