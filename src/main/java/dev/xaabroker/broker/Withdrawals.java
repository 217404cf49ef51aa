package dev.xaabroker.broker;

import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.policy.Policy.Usable;
import dev.xaabroker.session.Ends;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what was issued by a connection, to a client or for a server that the file takes out of force: cached tokens go,
 * and those that are out are revoked (RULES G2). That the next request is refused needs none of this.
 *
 * <p>Every replica goes by the change that it sees itself: a file reaches one after the other, and what one does not know
 * <em>yet</em> is no reason to revoke.
 */
@ApplicationScoped
public class Withdrawals {

    /** How the ledger calls it. */
    public static final String WITHDRAWN = "withdrawn";

    private static final Logger LOG = Logger.getLogger(Withdrawals.class);
    private static final Optional<String> ANY = Optional.empty();

    private final ManagedConnections connections;
    private final Ends ends;
    private final Ending ending;
    private final Ledger ledger;
    private final Clock clock;
    private @Nullable Usable before;

    Withdrawals(ManagedConnections connections, Ends ends, Ending ending, Ledger ledger, Clock clock) {
        this.connections = connections;
        this.ends = ends;
        this.ending = ending;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Compares the file with how it stood at the last look. What cannot be done now is done at the next look. For one thread.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable when there is no policy, or a store does not answer
     */
    public void look() {
        Policy policy = connections.current();
        Usable now = policy.usable(clock.instant());
        if (before != null) {
            Usable was = before;
            gone(was.connections(), now.connections())
                    .forEach(id -> withdraw(policy, "connection", id, name -> new Ends.Issued(ANY, ANY, name)));
            gone(was.clients(), now.clients())
                    .forEach(id -> withdraw(policy, "client", id, name -> new Ends.Issued(name, ANY, ANY)));
            gone(was.servers(), now.servers())
                    .forEach(id -> withdraw(policy, "server", id, name -> new Ends.Issued(ANY, name, ANY)));
        }
        before = now;
    }

    private static Set<String> gone(Set<String> was, Set<String> now) {
        return was.stream().filter(name -> !now.contains(name)).collect(Collectors.toSet());
    }

    private void withdraw(Policy policy, String kind, String name, Function<Optional<String>, Ends.Issued> issued) {
        String cause = kind + " " + name + " is in force no more";
        Ends.Ended ended = ending.by(
                "policy", clock.instant(), () -> ends.tokens(policy.tenant(), issued.apply(Optional.of(name)), cause));
        if (ended.tokens() == 0) {
            return;
        }
        LOG.infof("Tokens are taken back: %s tokens=%d", cause, ended.tokens());
        ledger.append(Happening.of(WITHDRAWN, kind)
                .client(kind.equals("client") ? name : "")
                .server(kind.equals("server") ? name : null)
                .rule(kind.equals("connection") ? name : null)
                .revision(policy.revision())
                .detail(SignalDesk.told(ended))
                .entry(clock.instant(), UUID.randomUUID().toString(), policy.tenant()));
    }
}
