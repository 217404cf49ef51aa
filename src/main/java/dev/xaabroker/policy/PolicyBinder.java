package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Server;
import dev.xaabroker.keys.Fingerprint;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Gives the nodes of a whole file their meaning, section by section, and compiles it when nothing is wrong. */
final class PolicyBinder {

    private static final Duration MAX_TOKEN_TTL = Duration.ofMinutes(5);
    private static final Duration DEFAULT_SESSION_AGE = Duration.ofHours(12);

    private final CredentialsBinder credentials;
    private final Identifiers identifiers;
    private final Findings findings;

    private final SignalsBinder signals;
    private final PolicyParts parts;

    PolicyBinder(PolicyParts parts, References references, Identifiers identifiers, Findings findings) {
        this.parts = parts;
        this.credentials = new CredentialsBinder(references);
        this.identifiers = identifiers;
        this.signals = new SignalsBinder(parts.tenant(), identifiers, references, findings);
        this.findings = findings;
    }

    private record Defaults(Duration tokenTtl, Duration maxSessionAge) {}

    /** @throws PolicyInvalid with everything that is wrong */
    Policy bind() {
        // Beside the rest: neither needs the other, and in a large file both take long.
        CompletableFuture<String> canonical = CompletableFuture.supplyAsync(() -> Canonical.policy(parts.root()));
        Bound bound = sections(
                Fields.open("the policy", parts.root(), parts.root(), findings).orElseThrow());
        findings.throwIfAny();
        Decider decider =
                new Decider(bound.entries(), new Table(bound.entries(), bound.connections(), bound.denyRules()));
        List<TestResult> results = new TestRun(decider, findings).of(bound.tests());
        findings.throwIfAny();
        return new CompiledPolicy(canonical.join(), bound.entries(), decider, results);
    }

    private record Bound(
            Entries entries, List<Connection> connections, List<DenyRule> denyRules, List<PolicyTest> tests) {}

    private Bound sections(Fields file) {
        Defaults defaults = defaults(file);
        file.require("identityProviders", "at least one, by name");
        Optional<Fields> idpSection = section(file, "identityProviders");
        Optional<Fields> clientSection = section(file, "clients");
        Optional<Fields> serverSection = section(file, "servers");
        idpSection
                .filter(section -> section.names().isEmpty())
                .ifPresent(section -> findings.at(section.anchor(), "`identityProviders` needs at least one, by name"));
        Names idpNames = names("identity provider", idpSection);
        Names clientNames = names("client", clientSection);
        Names serverNames = names("server", serverSection);
        section(file, "clientGroups").ifPresent(clientNames::readGroups);
        section(file, "serverGroups").ifPresent(serverNames::readGroups);

        Map<String, IdentityProviderBinder.Bound> idps = idpSection
                .map(new IdentityProviderBinder(parts.tenant(), identifiers, signals, findings)::bind)
                .orElse(Map.of());
        Map<String, Client> clients = clientSection
                .map(new ClientBinder(idps, idpNames, credentials, parts.owner(), findings)::bind)
                .orElse(Map.of());
        Map<String, Server> servers = serverSection
                .map(new ServerBinder(clientNames, credentials, identifiers, parts.owner(), findings)::bind)
                .orElse(Map.of());
        RuleBinder rules =
                new RuleBinder(clientNames, serverNames, servers, new UsersBinder(idpNames, idps, findings), findings);
        List<Connection> connections = new ConnectionBinder(rules, new Conditions(idps, findings), defaults.tokenTtl())
                .bind(file.items("connections").orElse(List.of()));
        List<DenyRule> denyRules = new DenyBinder(rules).bind(file.items("deny").orElse(List.of()));
        GivenReader given = new GivenReader(clientNames, clients, serverNames, servers, idps);
        List<PolicyTest> tests =
                new TestsReader(given, findings).read(file.items("tests").orElse(List.of()));
        return new Bound(
                new Entries(
                        parts.tenant(),
                        parts.owner(),
                        defaults.maxSessionAge(),
                        entries(idps),
                        clients,
                        servers,
                        fingerprints(serverSection)),
                connections,
                denyRules,
                tests);
    }

    private static Defaults defaults(Fields file) {
        return file.fields("defaults", "`defaults`")
                .map(defaults -> {
                    Duration tokenTtl = Values.duration(
                            defaults, "tokenTtl", MAX_TOKEN_TTL, MAX_TOKEN_TTL, "no token is handed out for longer");
                    Duration age = Values.duration(defaults, "maxSessionAge").orElse(DEFAULT_SESSION_AGE);
                    defaults.done();
                    return new Defaults(tokenTtl, age);
                })
                .orElse(new Defaults(MAX_TOKEN_TTL, DEFAULT_SESSION_AGE));
    }

    private static Optional<Fields> section(Fields file, String key) {
        return file.fields(key, "`" + key + "`");
    }

    private Names names(String kind, Optional<Fields> section) {
        return new Names(kind, section.map(Fields::names).orElse(List.of()), findings);
    }

    private static Map<String, IdentityProviderEntry> entries(Map<String, IdentityProviderBinder.Bound> idps) {
        Map<String, IdentityProviderEntry> entries = new LinkedHashMap<>();
        idps.forEach((name, bound) -> entries.put(name, bound.entry()));
        return entries;
    }

    private static Map<String, String> fingerprints(Optional<Fields> servers) {
        Map<String, String> fingerprints = new HashMap<>();
        servers.ifPresent(section -> section.names().forEach(name -> section.node(name.value())
                .ifPresent(node -> fingerprints.put(name.value(), Fingerprint.sha256(Canonical.of(node))))));
        return fingerprints;
    }
}
