package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** POLICY.md once more, in the plainest way: every rule is looked at for every question, and the answer is one line. */
record NaiveEvaluator(RandomWorld world) {

    private static final List<String> ORDER = List.of(
            "connection-disabled",
            "connection-expired",
            "user-not-in-group",
            "scope-not-allowed",
            "assurance-too-low",
            "ok");

    String decide(Policy.Query query, Identity user) {
        String client = query.client().id();
        String idp = world.idpOfClient().get(client);
        String server = query.resource().replaceAll("https://|\\.example", "");
        if (world.status().get(client).equals("disabled")) return "client-disabled";
        if (!RandomWorld.OFFERED.containsKey(server)) return "server-unknown";
        if (world.status().get(server).equals("disabled")) return "server-disabled";
        if (world.status().get(idp).equals("disabled")) return "idp-disabled";
        if (!query.audience().orElse("https://as." + server + ".example").equals("https://as." + server + ".example"))
            return "resource-mismatch";

        Set<String> asked = query.scopes().<Set<String>>map(s -> s.values()).orElse(Set.of());
        Set<String> taken = new TreeSet<>();
        List<RandomWorld.Rule> denyRules = world.denyRules().stream()
                .filter(d -> !d.audit() && all(d.clients(), client) && all(d.servers(), server))
                .filter(d -> d.groups().isEmpty() || (idp.equals(d.idp()) && meets(d.groups(), user)))
                .sorted(Comparator.comparing(RandomWorld.Rule::id))
                .toList();
        for (RandomWorld.Rule d : denyRules) {
            if (d.scopes().isEmpty() || asked.stream().anyMatch(d.scopes()::contains))
                return "denied-by-rule:" + d.id();
            taken.addAll(d.scopes());
        }

        List<RandomWorld.Rule> connections = world.connections().stream()
                .filter(c -> !c.audit()
                        && c.clients().contains(client)
                        && c.servers().contains(server))
                .sorted(Comparator.comparing(RandomWorld.Rule::id))
                .toList();
        if (connections.isEmpty()) return "no-connection";
        Set<String> offered = Set.copyOf(RandomWorld.OFFERED.get(server));
        Set<String> wanted = new TreeSet<>(asked);
        if (asked.isEmpty()) {
            connections.stream()
                    .filter(c -> fate(c, null, offered, idp, query, user) == 5)
                    .forEach(c -> c.scopes().stream().filter(offered::contains).forEach(wanted::add));
            boolean some = connections.stream().anyMatch(c -> fate(c, null, offered, idp, query, user) == 5);
            if (!some) return ORDER.get(best(connections, null, offered, idp, query, user));
            if (!wanted.isEmpty() && taken.containsAll(wanted)) {
                return "denied-by-rule:"
                        + denyRules.stream()
                                .filter(d -> d.scopes().stream().anyMatch(wanted::contains))
                                .findFirst()
                                .orElseThrow()
                                .id();
            }
            wanted.removeAll(taken);
        }
        int worst = wanted.stream()
                .mapToInt(s -> best(connections, s, offered, idp, query, user))
                .min()
                .orElse(5);
        if (worst < 5) return ORDER.get(worst);
        List<RandomWorld.Rule> granting = connections.stream()
                .filter(c -> wanted.isEmpty()
                        ? fate(c, null, offered, idp, query, user) == 5
                        : wanted.stream().anyMatch(s -> fate(c, s, offered, idp, query, user) == 5))
                .toList();
        return "allowed:" + granting.stream().map(RandomWorld.Rule::id).toList() + wanted
                + granting.stream().mapToInt(RandomWorld.Rule::ttlMinutes).min().orElseThrow();
    }

    private static int best(
            List<RandomWorld.Rule> rules,
            String scope,
            Set<String> offered,
            String idp,
            Policy.Query query,
            Identity user) {
        return rules.stream()
                .mapToInt(c -> fate(c, scope, offered, idp, query, user))
                .max()
                .orElseThrow();
    }

    /** The index in ORDER of the first condition that does not hold for one connection and one scope (null: any). */
    private static int fate(
            RandomWorld.Rule c, String scope, Set<String> offered, String idp, Policy.Query query, Identity user) {
        if (c.disabled()) return 0;
        if (c.expires() != null
                && query.at().atZone(ZoneOffset.UTC).toLocalDate().isAfter(c.expires())) return 1;
        if (!idp.equals(c.idp()) || !(c.groups().isEmpty() || meets(c.groups(), user))) return 2;
        if (scope != null && !(offered.contains(scope) && c.scopes().contains(scope))) return 3;
        boolean strong = c.acr() == null || c.acr().equals(user.acr());
        boolean young = c.maxAgeHours() == 0
                || (user.authTime() != null
                        && query.at().getEpochSecond() - user.authTime().getEpochSecond() <= c.maxAgeHours() * 3600L);
        return strong && young ? 5 : 4;
    }

    private static boolean all(Set<String> names, String name) {
        return names.isEmpty() || names.contains(name);
    }

    private static boolean meets(Set<String> groups, Identity user) {
        return groups.stream().anyMatch(user.groups()::contains);
    }
}
