package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may reach what, for auditors: every client, every server and every group that their rules name.
 *
 * <p>A row holds what a member of that one group gets with the best login; conditions ({@code when}) are taken to hold,
 * and {@code needs} says so.
 *
 * @param rows by server, client, group
 */
public record Matrix(String revision, List<Row> rows) {

    /** The group of users who are in none that a rule names. */
    public static final String ANY = "(anyone)";

    public Matrix {
        rows = List.copyOf(rows);
    }

    /**
     * One cell for one group.
     *
     * @param group a group, or {@link #ANY}
     * @param scopes what its members get; empty when refused, and on a server without scopes
     * @param connections which connections grant it
     * @param reason {@code allowed}, or why it is refused
     * @param needs further conditions, in words
     */
    public record Row(
            String client,
            String server,
            String group,
            boolean allowed,
            Scopes scopes,
            List<String> connections,
            String ttl,
            String reason,
            List<String> needs) {

        public Row {
            connections = List.copyOf(connections);
            needs = List.copyOf(needs);
        }
    }

    /**
     * Draws up the matrix as it stands at {@code at}.
     *
     * @param whole whether cells that no rule is about are listed too
     */
    public static Matrix of(Policy policy, Instant at, boolean whole) {
        Census census = new Census(policy, at);
        List<Row> rows = new ArrayList<>();
        for (String server : census.servers()) {
            for (String client : census.clients()) {
                boolean ruled = !census.connections(client, server).isEmpty();
                if (ruled || whole) {
                    rows.addAll(cell(census, client, server));
                }
            }
        }
        return new Matrix(policy.revision(), rows);
    }

    private static List<Row> cell(Census census, String client, String server) {
        List<Login> logins = Login.toldApartBy(census.requirements(client, server));
        Access everybody = best(census, client, server, Set.of(), logins);
        List<Row> rows = new ArrayList<>();
        Set<String> groups = new TreeSet<>(census.groups(client, server));
        if (everybody.allowed() || groups.isEmpty()) {
            rows.add(row(census, client, server, ANY, everybody));
        }
        groups.forEach(group ->
                rows.add(row(census, client, server, group, best(census, client, server, Set.of(group), logins))));
        return rows;
    }

    /** What the login that gets furthest comes to: any allowed one before a refusal, more scopes before fewer. */
    private static Access best(Census census, String client, String server, Set<String> groups, List<Login> logins) {
        Access best = census.outcome(client, server, groups, logins.getLast());
        for (Login login : logins) {
            Access outcome = census.outcome(client, server, groups, login);
            boolean better = outcome.allowed()
                    && (!best.allowed()
                            || outcome.scopes().values().size()
                                    > best.scopes().values().size());
            best = better ? outcome : best;
        }
        return best;
    }

    private static Row row(Census census, String client, String server, String group, Access outcome) {
        return new Row(
                client,
                server,
                group,
                outcome.allowed(),
                outcome.scopes(),
                outcome.connections(),
                outcome.allowed() ? Spoken.duration(outcome.ttl()) : "",
                outcome.reason(),
                needs(census, client, server, outcome));
    }

    private static List<String> needs(Census census, String client, String server, Access outcome) {
        Set<String> needs = new TreeSet<>();
        for (Connection connection : census.connections(client, server)) {
            if (outcome.connections().contains(connection.id())) {
                Requirement requirement = connection.requirement();
                Optional.ofNullable(requirement.acr()).ifPresent(acr -> needs.add("acr " + acr));
                Optional.ofNullable(requirement.maxAuthAge())
                        .ifPresent(age -> needs.add("login within " + Spoken.duration(age)));
                Optional.of(connection.conditionText())
                        .filter(when -> !when.isEmpty())
                        .ifPresent(when -> needs.add("when " + when));
                Optional.ofNullable(connection.ends()).ifPresent(ends -> needs.add("until " + ends));
            }
        }
        return List.copyOf(needs);
    }
}
