package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import java.util.Comparator;

/**
 * A connection, what it offers here, and how far it lets one user get.
 *
 * @param reach scopes aside; {@link Reach#SCOPE} at the most when it offers none of those asked for, as nothing later
 *     is looked at then
 * @param why what a condition could not read; empty when nothing was missing
 */
record Attempt(Connection connection, Scopes scopes, Reach reach, String why) {

    static Attempt of(Table.Offer offer, Question question, Identity user, Facts facts) {
        Connection connection = offer.connection();
        if (!question.answers(offer)) {
            Reach reach = connection.reachOfAnyone(question.query());
            boolean included = reach == Reach.USER && connection.users().include(question.idp(), user);
            return new Attempt(connection, offer.scopes(), included ? Reach.SCOPE : reach, "");
        }
        Reach reach = connection.reach(question.idp(), user, facts);
        return new Attempt(connection, offer.scopes(), reach, why(reach, user, facts));
    }

    private static String why(Reach reach, Identity user, Facts facts) {
        return switch (reach) {
            case CONDITION_ERROR -> facts.missing();
            case USER -> user.claimsKnown() ? "" : Facts.CLAIMS_UNKNOWN;
            default -> "";
        };
    }

    boolean grants() {
        return reach == Reach.GRANTED;
    }

    /** How far it lets them get for {@code scope}: groups are tried before scopes, and scopes before assurance. */
    Reach reachFor(String scope) {
        boolean noSuchScope =
                reach.compareTo(Reach.SCOPE) > 0 && !scopes.values().contains(scope);
        return noSuchScope ? Reach.SCOPE : reach;
    }

    /** The connection that got furthest, and where it stopped. */
    record Stop(Attempt attempt, Reach reach) {

        static final Comparator<Stop> FURTHEST =
                Comparator.comparing(Stop::reach).thenComparing(Stop::id, Comparator.reverseOrder());
        static final Comparator<Stop> EARLIEST =
                Comparator.comparing(Stop::reach).thenComparing(Stop::id);

        String id() {
            return attempt.connection().id();
        }
    }
}
