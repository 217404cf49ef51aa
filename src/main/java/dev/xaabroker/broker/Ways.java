package dev.xaabroker.broker;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Pairs of client and server that probes may walk.
 *
 * @param open at most one for each client: nothing stands against it but the user. Those that policy would refuse to a user of
 *     no group come first: should a session that is over be let in there, policy stops it before anybody is asked out
 * @param closed the first that the file shuts for everybody
 */
record Ways(List<Way> open, Optional<Closed> closed) {

    /** A company has many pairs; these will do. */
    private static final int LOOKED_AT = 400;

    private static final Identity NOBODY = new Identity(new User(""), null, Set.of(), Map.of(), null, null);

    /** What is shut by hand may be opened at any moment: that must not look like a refusal that is missing. */
    private static final Set<Reason> KILLED =
            EnumSet.of(Reason.CLIENT_KILLED, Reason.SERVER_KILLED, Reason.CONNECTION_KILLED);

    record Way(Client client, Server server) {}

    /** A way that the file shuts for everybody, and why. */
    record Closed(Way way, Reason why) {}

    static Ways in(Policy policy, BiFunction<Client, Server, Policy.Query> query) {
        List<Way> guarded = new ArrayList<>();
        List<Way> forAll = new ArrayList<>();
        Optional<Closed> closed = Optional.empty();
        for (Way way : pairs(policy)) {
            Policy.Query asked = query.apply(way.client(), way.server());
            Optional<Decision.Refused> refused = policy.beforeUser(asked);
            if (refused.isEmpty()) {
                (policy.decide(asked, NOBODY) instanceof Decision.Refused ? guarded : forAll).add(way);
            }
            closed = closed.or(() -> refused.flatMap(Ways::reason).map(why -> new Closed(way, why)));
        }
        guarded.addAll(forAll);
        return new Ways(onePerClient(guarded), closed);
    }

    private static List<Way> pairs(Policy policy) {
        return policy.clients().stream()
                .sorted(Comparator.comparing(Client::id))
                .flatMap(client -> policy.servers().stream()
                        .sorted(Comparator.comparing(Server::name))
                        .map(server -> new Way(client, server)))
                .limit(LOOKED_AT)
                .toList();
    }

    private static List<Way> onePerClient(List<Way> ways) {
        List<Way> chosen = new ArrayList<>();
        for (Way way : ways) {
            if (chosen.stream()
                    .noneMatch(one -> one.client().id().equals(way.client().id()))) {
                chosen.add(way);
            }
        }
        return chosen;
    }

    private static Optional<Reason> reason(Decision.Refused refused) {
        return refused.failure() instanceof Failure.Denied denied && !KILLED.contains(denied.code())
                ? Optional.of(denied.code())
                : Optional.empty();
    }
}
