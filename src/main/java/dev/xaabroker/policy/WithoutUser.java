package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What stands against a request whoever the user is. It refuses only what {@link WithUser} refuses for every user, in
 * the same order; where a user could meet an earlier reason (a group that is denied, a group that they are not in), the
 * reason here is the one that holds for all.
 *
 * <p>A connection in audit mode grants nothing, and lets no request out to the IdP either (RULES G1): that it might have
 * applied is noted, and whether it would have is for the caller to find out from a user who is known already.
 */
final class WithoutUser {

    private final Question question;
    private final List<String> notes = new ArrayList<>();

    WithoutUser(Question question) {
        this.question = question;
    }

    Optional<Decision.Refused> refusal() {
        for (DenyRule rule : question.denyRules()) {
            if (rule.users().areAllOf(question.idp()) && rule.refuses(question.asked())) {
                if (rule.mode() == Mode.ENFORCE) {
                    return Optional.of(new Decision.Refused(question.refusals().byRule(rule), notes));
                }
                notes.add("would-deny:" + rule.id());
            }
        }
        question.connections().audited().stream()
                .filter(this::couldApply)
                .forEach(offer ->
                        notes.add(Decision.Refused.UNPROVEN + offer.connection().id()));
        return noConnection();
    }

    private boolean couldApply(Table.Offer offer) {
        return isOpen(offer) && question.answers(offer);
    }

    /** Whether it is in force, and for users of the client's IdP. */
    private boolean isOpen(Table.Offer offer) {
        return isInForce(offer) && offer.connection().users().couldBeAt(question.idp());
    }

    private boolean isInForce(Table.Offer offer) {
        return offer.connection().reachOfAnyone(question.query()) == Reach.USER;
    }

    private Optional<Decision.Refused> noConnection() {
        List<Table.Offer> all = question.connections().enforced();
        if (all.isEmpty()) {
            return Optional.of(new Decision.Refused(question.refusals().noConnection(), notes));
        }
        List<Table.Offer> open = all.stream().filter(this::isOpen).toList();
        if (open.isEmpty()) {
            return all.stream()
                    .map(Table.Offer::connection)
                    .max(Comparator.comparing((Connection c) -> c.reachOfAnyone(question.query()))
                            .thenComparing(Connection::id, Comparator.reverseOrder()))
                    .map(furthest -> refused(furthest, furthest.reachOfAnyone(question.query())));
        }
        Scopes given = open.stream().map(Table.Offer::scopes).reduce(Scopes.NONE, Scopes::union);
        return question.asked()
                .filter(asked -> !given.containsAll(asked))
                .map(asked -> refused(open.getFirst().connection(), Reach.SCOPE));
    }

    private Decision.Refused refused(Connection connection, Reach stop) {
        return new Decision.Refused(question.refusals().byConnection(connection, stop, ""), notes);
    }
}
