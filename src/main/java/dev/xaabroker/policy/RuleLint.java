package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks at connections and deny rules: those that do nothing, and those that soon or silently stop doing something. */
final class RuleLint {

    private static final Duration SOON = Duration.ofDays(30);

    private final CompiledPolicy policy;
    private final Written written;
    private final Instant at;
    private final List<Lint.Advice> advice = new ArrayList<>();

    RuleLint(CompiledPolicy policy, Written written, Instant at) {
        this.policy = policy;
        this.written = written;
        this.at = at;
    }

    List<Lint.Advice> advice() {
        policy.table().connections().forEach(this::connection);
        policy.table().denyRules().forEach(this::denyRule);
        return advice;
    }

    private void connection(Connection connection) {
        Noted noted = new Noted("connections", "connection " + connection.id(), connection.id());
        status(connection, noted);
        owner(connection.owner(), connection.servers(), noted);
        mode(connection.mode(), noted, "it grants nothing and only notes would-allow");
        scopes(connection, noted);
        if (connection.status() == Status.ENABLED && connection.mode() == Mode.ENFORCE) {
            new Reachability(policy, connection, at)
                    .problem()
                    .ifPresent(problem -> noted.add(problem.check(), problem.message(), problem.fix()));
        }
    }

    private void status(Connection connection, Noted noted) {
        Instant ends = connection.ends();
        if (connection.status() == Status.DISABLED) {
            noted.add(
                    "connection-disabled", "it is disabled", "enable it, or remove it: the history keeps the old file");
        } else if (ends != null && !at.isBefore(ends)) {
            noted.add("expired", "it expired on " + last(ends), "remove it, or move `expires` if it is still needed");
        } else if (ends != null && !at.plus(SOON).isBefore(ends)) {
            noted.add("expires-soon", "it expires on " + last(ends), "tell its users, or move `expires`");
        }
    }

    private static String last(Instant ends) {
        return ends.minusSeconds(1).toString().substring(0, "2027-03-31".length());
    }

    private void owner(String owner, Set<String> servers, Noted noted) {
        boolean server = servers.stream()
                .map(policy.entries().servers()::get)
                .noneMatch(entry -> entry == null || entry.owner().isEmpty());
        if (owner.isEmpty() && !server && !written.hasOwner()) {
            noted.add(
                    "no-owner",
                    "nobody owns it, so a refusal cannot say whom to ask",
                    "add `owner:` to it, to its servers, or to `metadata`");
        }
    }

    private void mode(Mode mode, Noted noted, String effect) {
        if (mode == Mode.AUDIT) {
            noted.add(
                    "audit-mode",
                    "it is in audit mode: " + effect,
                    "read its notes in the ledger, then remove `mode: audit` or the rule");
        }
    }

    private void scopes(Connection connection, Noted noted) {
        for (String name : new TreeSet<>(connection.servers())) {
            Server server = policy.entries().servers().get(name);
            Scopes missing = server == null ? Scopes.NONE : connection.scopes().minus(server.scopes());
            if (!missing.isEmpty()) {
                noted.add(
                        "scope-not-offered",
                        "server " + name + " does not list " + missing,
                        "add it to the server if it offers it, or give that server a connection of its own");
            }
        }
    }

    private void denyRule(DenyRule rule) {
        Noted noted = new Noted("deny", "deny rule " + rule.id(), rule.id());
        mode(rule.mode(), noted, "it refuses nothing and only notes would-deny");
        Set<String> servers =
                rule.servers() == null ? policy.entries().servers().keySet() : rule.servers();
        owner(rule.owner(), servers, noted);
        boolean bites = policy.table().connections().stream().anyMatch(connection -> bites(rule, connection));
        if (!bites) {
            noted.add(
                    "deny-without-effect",
                    "no connection grants what it denies",
                    "remove it, or correct its clients, servers, scopes or users");
        }
    }

    private boolean bites(DenyRule rule, Connection connection) {
        boolean server = connection.servers().stream()
                .anyMatch(name -> (rule.servers() == null || rule.servers().contains(name))
                        && (rule.scopes() == null || rule.scopes().intersects(offered(connection, name))));
        Set<String> idps = connection.clients().stream()
                .filter(rule::isAboutClient)
                .map(policy.entries().clients()::get)
                .map(Client::identityProvider)
                .collect(Collectors.toSet());
        return server
                && idps.stream()
                        .anyMatch(idp -> rule.users().couldBeAt(idp)
                                && connection.users().couldBeAt(idp));
    }

    private Scopes offered(Connection connection, String server) {
        Server listed = policy.entries().servers().get(server);
        return listed == null
                ? Scopes.NONE
                : connection.scopes().minus(connection.scopes().minus(listed.scopes()));
    }

    /** Findings about one rule. */
    private final class Noted {

        private final Written.Entry entry;
        private final String subject;

        Noted(String section, String subject, String id) {
            this.entry = Objects.requireNonNull(written.section(section).get(id), id);
            this.subject = subject;
        }

        void add(String check, String message, String fix) {
            advice.add(new Lint.Advice(
                    check, subject, entry.file(), entry.line(), entry.column(), subject + ": " + message, fix));
        }
    }
}
