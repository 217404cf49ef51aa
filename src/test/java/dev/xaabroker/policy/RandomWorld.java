package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.User;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A small random policy, as plain values and as a file, and random questions to it. Small, so that rules often meet. */
record RandomWorld(
        Map<String, String> status, List<Rule> connections, List<Rule> denyRules, Map<String, String> idpOfClient) {

    static final Map<String, List<String>> OFFERED =
            Map.of("s1", List.of("x", "y", "z"), "s2", List.of("x"), "s3", List.of());
    private static final List<Map<String, List<String>>> DEPARTMENTS = List.of(
            Map.of(), Map.of("dept", List.of("x")), Map.of("dept", List.of("y")), Map.of("dept", List.of("x", "y")));

    static final List<String> CLIENTS = List.of("a", "b", "c");

    /** A connection or a deny rule. Empty lists of a deny rule stand for all; no groups stand for everybody. */
    record Rule(
            String id,
            boolean disabled,
            boolean audit,
            Set<String> clients,
            Set<String> servers,
            Set<String> groups,
            @Nullable String idp,
            Set<String> scopes,
            @Nullable String acr,
            int maxAgeHours,
            int ttlMinutes,
            @Nullable LocalDate expires,
            @Nullable RandomCondition when) {

        static final List<String> ORDER = List.of(
                "connection-disabled",
                "connection-expired",
                "user-not-in-group",
                "scope-not-allowed",
                "assurance-too-low",
                "condition-false",
                "condition-error",
                "ok");
        static final int GRANTS = ORDER.indexOf("ok");

        boolean includes(String idpOfUser, Identity user) {
            boolean itsIdp = idp == null || idpOfUser.equals(idp);
            return itsIdp && (groups.isEmpty() || groups.stream().anyMatch(user.groups()::contains));
        }

        boolean hasOneOf(Set<String> wanted) {
            return wanted.stream().anyMatch(scopes::contains);
        }

        Set<String> scopesAt(String server) {
            Set<String> here = new TreeSet<>(scopes);
            here.retainAll(OFFERED.get(server));
            return here;
        }

        /** The index in ORDER of the first thing that stands between a user and one scope (null: any). */
        int fate(@Nullable String scope, String server, String idpOfUser, Policy.Query query, Identity user) {
            if (disabled) return 0;
            if (expires != null
                    && query.at().atZone(ZoneOffset.UTC).toLocalDate().isAfter(expires)) return 1;
            if (!includes(idpOfUser, user)) return 2;
            if (scope != null && !scopesAt(server).contains(scope)) return 3;
            boolean strong = acr == null || acr.equals(user.acr());
            boolean young = maxAgeHours == 0
                    || (user.authTime() != null
                            && query.at().getEpochSecond() - user.authTime().getEpochSecond() <= maxAgeHours * 3600L);
            if (!strong || !young) return 4;
            if (when == null) return GRANTS;
            Boolean holds = when.holds().apply(query, user);
            return holds == null ? 6 : holds ? GRANTS : 5;
        }
    }

    boolean isDisabled(String name) {
        return status.get(name).equals("disabled");
    }

    /** The enforced ones of {@code from} that are about this client and server, by their ids. */
    List<Rule> rules(List<Rule> from, String client, String server) {
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : from) {
            boolean forClient = rule.clients().isEmpty() || rule.clients().contains(client);
            boolean forServer = rule.servers().isEmpty() || rule.servers().contains(server);
            if (!rule.audit() && forClient && forServer) rules.add(rule);
        }
        rules.sort(Comparator.comparing(Rule::id));
        return rules;
    }

    static RandomWorld draw(Random random) {
        Map<String, String> status = new java.util.HashMap<>();
        for (String name : List.of("a", "b", "c", "s1", "s2", "s3", "i1", "i2")) {
            status.put(name, random.nextInt(12) == 0 ? "disabled" : "enabled");
        }
        List<Rule> connections = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            connections.add(connection(random, "c" + (9 - i)));
        }
        List<Rule> denyRules = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            denyRules.add(denyRule(random, "d" + (9 - i)));
        }
        return new RandomWorld(status, connections, denyRules, Map.of("a", "i1", "b", "i1", "c", "i2"));
    }

    private static Rule connection(Random random, String id) {
        Set<String> servers = some(random, List.of("s1", "s2", "s3"), 1);
        Set<String> scopes = new TreeSet<>();
        for (String server : servers) {
            scopes.addAll(some(
                    random, OFFERED.get(server), Math.min(1, OFFERED.get(server).size())));
        }
        return new Rule(
                id,
                random.nextInt(8) == 0,
                random.nextInt(5) == 0,
                some(random, CLIENTS, 1),
                servers,
                some(random, List.of("g", "h"), 0),
                random.nextInt(4) == 0 ? "i2" : "i1",
                scopes,
                random.nextInt(4) == 0 ? "phr" : null,
                random.nextInt(4) == 0 ? 8 : 0,
                1 + random.nextInt(5),
                random.nextInt(4) == 0 ? LocalDate.of(2026, 8, 31).plusDays(random.nextInt(3)) : null,
                random.nextInt(3) == 0 ? RandomCondition.ALL.get(random.nextInt(RandomCondition.ALL.size())) : null);
    }

    private static Rule denyRule(Random random, String id) {
        Set<String> servers = some(random, List.of("s1", "s2"), 0);
        Set<String> scopes = some(random, List.of("x"), 0);
        if (servers.isEmpty() || servers.contains("s1")) {
            scopes.addAll(some(random, List.of("y", "z"), 0));
        }
        Set<String> groups = some(random, List.of("g", "h", "k"), random.nextInt(2));
        return new Rule(
                id,
                false,
                random.nextInt(3) == 0,
                some(random, CLIENTS, 0),
                servers,
                groups,
                groups.isEmpty() ? null : "i1",
                random.nextInt(4) == 0 ? Set.of() : scopes,
                null,
                0,
                0,
                null,
                null);
    }

    private static Set<String> some(Random random, List<String> from, int least) {
        Set<String> some = new TreeSet<>();
        do {
            some.clear();
            from.stream().filter(item -> random.nextInt(2) == 0).forEach(some::add);
        } while (some.size() < least);
        return some;
    }

    /** The same file without its rules in audit mode. */
    RandomWorld withoutAudit() {
        return new RandomWorld(
                status,
                connections.stream().filter(rule -> !rule.audit()).toList(),
                denyRules.stream().filter(rule -> !rule.audit()).toList(),
                idpOfClient);
    }

    String file() {
        StringBuilder out = new StringBuilder("""
                apiVersion: xaa/v1
                kind: ManagedConnections
                metadata: { tenant: t }
                identityProviders:
                """);
        for (String idp : List.of("i1", "i2")) {
            out.append(
                    "  %s: { issuer: https://%s.example, profile: okta, claims: { groups: g, dept: d }, status: %s }\n"
                            .formatted(idp, idp, status.get(idp)));
        }
        out.append("clients:\n");
        String secret = "method: client_secret_basic, secret: env:SECRET";
        for (String client : CLIENTS) {
            out.append("  %s: { status: %s, auth: { %s }, idp: { provider: %s, clientId: %s, %s } }\n"
                    .formatted(client, status.get(client), secret, idpOfClient.get(client), client, secret));
        }
        out.append("servers:\n");
        for (String server : List.of("s1", "s2", "s3")) {
            out.append("  %s: { resource: https://%s.example, audience: https://as.%s.example, scopes: %s, status: %s, "
                    .formatted(server, server, server, OFFERED.get(server), status.get(server)));
            out.append("auth: { clientId: b, %s } }\n".formatted(secret));
        }
        out.append("connections:").append(connections.isEmpty() ? " []" : "").append('\n');
        connections.forEach(rule -> out.append("  - { id: %s, clients: %s, servers: %s, scopes: %s, tokenTtl: %dm"
                        .formatted(rule.id(), rule.clients(), rule.servers(), rule.scopes(), rule.ttlMinutes()))
                .append(users(rule))
                .append(rule.disabled() ? ", status: disabled" : "")
                .append(rule.audit() ? ", mode: audit" : "")
                .append(rule.expires() == null ? "" : ", expires: " + rule.expires())
                .append(requirement(rule))
                .append(rule.when() == null ? "" : ", when: '" + rule.when() + "'")
                .append(" }\n"));
        out.append("deny:").append(denyRules.isEmpty() ? " []" : "").append('\n');
        denyRules.forEach(rule -> out.append("  - { id: " + rule.id())
                .append(rule.clients().isEmpty() ? "" : ", clients: " + rule.clients())
                .append(rule.servers().isEmpty() ? "" : ", servers: " + rule.servers())
                .append(rule.scopes().isEmpty() ? "" : ", scopes: " + rule.scopes())
                .append(rule.groups().isEmpty() ? ", users: any" : users(rule))
                .append(rule.audit() ? ", mode: audit" : "")
                .append(" }\n"));
        return out.toString();
    }

    private static String users(Rule rule) {
        String groups = rule.groups().isEmpty() ? "any" : rule.groups().toString();
        return ", users: { groups: %s, idp: %s }".formatted(groups, rule.idp());
    }

    private static String requirement(Rule rule) {
        List<String> parts = new ArrayList<>();
        if (rule.acr() != null) {
            parts.add("acr: " + rule.acr());
        }
        if (rule.maxAgeHours() > 0) {
            parts.add("maxAuthAge: " + rule.maxAgeHours() + "h");
        }
        return parts.isEmpty() ? "" : parts.stream().collect(Collectors.joining(", ", ", require: { ", " }"));
    }

    static Policy.Query query(Policy policy, Random random) {
        String server = "s" + (1 + random.nextInt(3));
        Set<String> asked = some(random, List.of("x", "y", "z"), 0);
        String resource = random.nextInt(20) == 0 ? "https://nowhere.example" : "https://" + server + ".example";
        Optional<String> audience = random.nextInt(4) == 0
                ? Optional.of(random.nextInt(4) == 0 ? "https://as.example" : "https://as." + server + ".example")
                : Optional.empty();
        Instant at = Instant.parse(random.nextBoolean() ? "2026-09-01T23:59:59Z" : "2026-09-02T00:00:00Z");
        return new Policy.Query(
                policy.client(CLIENTS.get(random.nextInt(3))).orElseThrow(),
                resource,
                audience,
                random.nextInt(3) == 0 || asked.isEmpty() ? Optional.empty() : Optional.of(Scopes.of(asked)),
                at,
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(at.minusSeconds(3599 + random.nextInt(2))));
    }

    static Identity user(Random random, Instant at) {
        return new Identity(
                new User("u"),
                null,
                some(random, List.of("g", "h", "k"), 0),
                DEPARTMENTS.get(random.nextInt(DEPARTMENTS.size())),
                random.nextBoolean() ? "phr" : null,
                switch (random.nextInt(3)) {
                    case 0 -> null;
                    case 1 -> at.minusSeconds(8 * 3600);
                    default -> at.minusSeconds(8 * 3600 + 1);
                });
    }
}
