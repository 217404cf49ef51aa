package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule that lets clients reach servers for some users.
 *
 * @param clients client ids, groups resolved
 * @param servers server names, groups resolved
 * @param scopes what it gives, as far as the server offers it
 * @param condition its {@code when}; null for none
 * @param ttl ceiling for the tokens it grants
 * @param ends the first moment at which it is expired; null for never
 * @param owner whom to ask about it; empty when the file does not say
 */
record Connection(
        String id,
        Status status,
        Mode mode,
        Set<String> clients,
        Set<String> servers,
        Users users,
        Scopes scopes,
        Requirement requirement,
        @Nullable Condition condition,
        Duration ttl,
        @Nullable Instant ends,
        String owner) {

    Connection {
        clients = Set.copyOf(clients);
        servers = Set.copyOf(servers);
    }

    /** The same for a user who meets every condition. */
    Connection withoutCondition() {
        return condition == null
                ? this
                : new Connection(
                        id, status, mode, clients, servers, users, scopes, requirement, null, ttl, ends, owner);
    }

    /** What {@code when} says; empty when it says nothing. */
    String conditionText() {
        return condition == null ? "" : condition.text();
    }

    /** Whether it can let anybody through at {@code at}, kills aside. */
    boolean isInForce(Instant at) {
        return status == Status.ENABLED && mode == Mode.ENFORCE && !isExpired(at);
    }

    private boolean isExpired(Instant at) {
        return ends != null && !at.isBefore(ends);
    }

    /** How far it lets anyone get: {@link Reach#USER} when it is in force. */
    Reach reachOfAnyone(Policy.Query query) {
        if (status == Status.DISABLED) {
            return Reach.STATUS;
        }
        if (isExpired(query.at())) {
            return Reach.EXPIRY;
        }
        return query.shut().connections().contains(id) ? Reach.KILLED : Reach.USER;
    }

    /** How far it lets {@code user} of {@code idp} get, scopes aside. */
    Reach reach(String idp, Identity user, Facts facts) {
        Reach anyone = reachOfAnyone(facts.query());
        if (anyone != Reach.USER || !users.include(idp, user)) {
            return anyone;
        }
        if (!requirement.isMetBy(user, facts.query().at())) {
            return Reach.ASSURANCE;
        }
        return condition == null ? Reach.GRANTED : condition.test(facts);
    }
}
