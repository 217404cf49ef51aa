package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a connection can ever grant anything, and anything that another one does not. */
final class Reachability {

    private final CompiledPolicy policy;
    private final Connection connection;
    private final Instant at;

    Reachability(CompiledPolicy policy, Connection connection, Instant at) {
        this.policy = policy;
        this.connection = connection;
        this.at = at;
    }

    /** Why it might as well not be there. */
    record Problem(String check, String message, String fix) {}

    /** One client on one server. */
    private record Pair(Client client, Server server) {}

    Optional<Problem> problem() {
        if (pairs().noneMatch(this::isOpen)) {
            return Optional.of(new Problem(
                    "unreachable-rule",
                    "no request can reach it: its clients, servers or identity providers are disabled, or its users"
                            + " log in elsewhere",
                    "remove it, or correct `clients`, `servers` or `users.idp`"));
        }
        Optional<DenyRule> denied =
                policy.table().denyRules().stream().filter(this::deniesAll).findFirst();
        if (denied.isPresent()) {
            return Optional.of(new Problem(
                    "shadowed-rule",
                    "deny rule " + denied.get().id() + " refuses all that it grants",
                    "remove one of the two"));
        }
        return policy.table().connections().stream()
                .filter(other -> !other.id().equals(connection.id()) && covers(other))
                .findFirst()
                .map(other -> new Problem(
                        "shadowed-rule",
                        "connection " + other.id() + " grants all of it already",
                        "remove it, or narrow " + other.id()));
    }

    private Stream<Pair> pairs() {
        return connection.clients().stream()
                .map(policy.entries().clients()::get)
                .filter(Objects::nonNull)
                .flatMap(client -> connection.servers().stream()
                        .map(policy.entries().servers()::get)
                        .filter(Objects::nonNull)
                        .map(server -> new Pair(client, server)));
    }

    private boolean isOpen(Pair pair) {
        return pair.client().status() == Status.ENABLED
                && pair.server().status() == Status.ENABLED
                && policy.identityProvider(pair.client()).status() == Status.ENABLED
                && connection.users().couldBeAt(pair.client().identityProvider());
    }

    private boolean deniesAll(DenyRule rule) {
        return rule.mode() == Mode.ENFORCE
                && (rule.scopes() == null
                        || (!connection.scopes().isEmpty() && rule.scopes().containsAll(connection.scopes())))
                && pairs().filter(this::isOpen)
                        .allMatch(pair -> rule.isAboutClient(pair.client().id())
                                && (rule.servers() == null
                                        || rule.servers().contains(pair.server().name()))
                                && covers(rule.users(), pair.client().identityProvider()));
    }

    private boolean covers(Users wider, String idp) {
        return wider.areAllOf(idp)
                || (wider instanceof Users.InGroups in
                        && in.couldBeAt(idp)
                        && connection.users() instanceof Users.InGroups mine
                        && in.groups().containsAll(mine.groups()));
    }

    /** Of two that cover each other the one with the lower id stays. */
    private boolean covers(Connection other) {
        boolean wider = coversOneWay(other, connection);
        boolean same = wider && coversOneWay(connection, other);
        return wider && (!same || other.id().compareTo(connection.id()) < 0);
    }

    private boolean coversOneWay(Connection wide, Connection narrow) {
        return wide.status() == Status.ENABLED
                && wide.mode() == Mode.ENFORCE
                && lastsAsLong(wide, narrow)
                && wide.clients().containsAll(narrow.clients())
                && wide.servers().containsAll(narrow.servers())
                && wide.scopes().containsAll(narrow.scopes())
                && includes(wide.users(), narrow.users())
                && asksNoMore(wide.requirement(), narrow.requirement())
                && (wide.condition() == null || wide.conditionText().equals(narrow.conditionText()))
                && wide.ttl().compareTo(narrow.ttl()) <= 0;
    }

    private boolean lastsAsLong(Connection wide, Connection narrow) {
        Instant wideEnds = wide.ends();
        Instant narrowEnds = narrow.ends();
        boolean open = wideEnds == null || at.isBefore(wideEnds);
        return open && (wideEnds == null || (narrowEnds != null && !wideEnds.isBefore(narrowEnds)));
    }

    private static boolean includes(Users wide, Users narrow) {
        return switch (wide) {
            case Users.Anyone any ->
                any.idp() == null
                        || (narrow instanceof Users.Anyone(String idp)
                                && any.idp().equals(idp))
                        || (narrow instanceof Users.InGroups in && any.idp().equals(in.idp()));
            case Users.InGroups in ->
                narrow instanceof Users.InGroups few
                        && in.idp().equals(few.idp())
                        && in.groups().containsAll(few.groups());
        };
    }

    private static boolean asksNoMore(Requirement wide, Requirement narrow) {
        Duration wideAge = wide.maxAuthAge();
        Duration narrowAge = narrow.maxAuthAge();
        return (wide.acr() == null || wide.acr().equals(narrow.acr()))
                && (wideAge == null || (narrowAge != null && wideAge.compareTo(narrowAge) >= 0));
    }
}
