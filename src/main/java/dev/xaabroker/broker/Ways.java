package dev.xaabroker.broker;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Server;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Pairs of client and server that probes may walk: those that are open, one for each of the first clients, and the first that no
 * open connection joins. What stands against a user is not known here.
 */
record Ways(List<Way> open, Optional<Closed> closed) {

    /** A company has many pairs; these will do. */
    private static final int LOOKED_AT = 400;

    private static final int OPEN = 2;

    record Way(Client client, Server server) {}

    /** A way that policy shuts for everybody, and why. */
    record Closed(Way way, Reason why) {}

    static Ways in(Policy policy, BiFunction<Client, Server, Policy.Query> query) {
        List<Way> open = new ArrayList<>();
        Optional<Closed> closed = Optional.empty();
        int looked = 0;
        for (Client client : sorted(policy)) {
            boolean more = true;
            for (Server server : policy.servers()) {
                if (looked++ == LOOKED_AT) {
                    return new Ways(open, closed);
                }
                Way way = new Way(client, server);
                Optional<Decision.Refused> refused = policy.beforeUser(query.apply(client, server));
                if (refused.isEmpty() && more && open.size() < OPEN) {
                    open.add(way);
                    more = false;
                }
                closed = closed.or(() -> refused.flatMap(Ways::reason).map(why -> new Closed(way, why)));
            }
        }
        return new Ways(open, closed);
    }

    private static List<Client> sorted(Policy policy) {
        return policy.clients().stream()
                .sorted(Comparator.comparing(Client::id))
                .toList();
    }

    private static Optional<Reason> reason(Decision.Refused refused) {
        return refused.failure() instanceof Failure.Denied denied ? Optional.of(denied.code()) : Optional.empty();
    }
}
