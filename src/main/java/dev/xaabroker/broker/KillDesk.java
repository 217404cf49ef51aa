package dev.xaabroker.broker;

import dev.xaabroker.grant.Kill;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.grant.User;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.session.Ends;
import dev.xaabroker.session.KillSwitch;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Shuts users, clients, servers and connections, and opens them again, for faces whose callers have the right to. */
@ApplicationScoped
public class KillDesk {

    /** How the ledger calls what was shut and opened; neither is a decision on a request. */
    public static final String KILLED = "killed";

    public static final String REOPENED = "reopened";

    private static final Logger LOG = Logger.getLogger(KillDesk.class);

    private final ManagedConnections connections;
    private final KillSwitch kills;
    private final Ends ends;
    private final Ending ending;
    private final Ledger ledger;
    private final Clock clock;

    KillDesk(ManagedConnections connections, KillSwitch kills, Ends ends, Ending ending, Ledger ledger, Clock clock) {
        this.connections = connections;
        this.kills = kills;
        this.ends = ends;
        this.ending = ending;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What is shut at this moment, for questions to the policy. */
    public Kills inForce(String tenant) {
        return kills.inForce(tenant);
    }

    /** What is shut, the oldest first. */
    public List<Kill> list(String tenant) {
        return kills.list(tenant);
    }

    /**
     * Shuts something: when this returns, no connect that begins gets through it, on any replica, and none that is under way
     * is answered. It is shut before the ledger is told, for it must not wait for a ledger that is down; who is told 503 asks
     * again.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when nothing was shut, Unavailable "ledger" when it was shut and
     *     not written down
     */
    public void shut(Kill kill, String requestId) {
        Instant received = clock.instant();
        kills.shut(kill);
        LOG.warnf("Shut by an operator kind=%s name=%s %s", kill.kind().word(), printable(kill.name()), kill.by());
        Ends.Ended ended = ending.by("kill", received, () -> end(kill));
        ledger.append(entry(kill, KILLED, requestId, " " + SignalDesk.told(ended)));
    }

    /**
     * A user's sessions are over for good. Those of a client, and with a server, go on when it is opened again; what was issued
     * for it is revoked.
     */
    private Ends.Ended end(Kill kill) {
        String cause = "killed: " + kill.reason();
        Optional<String> name = Optional.of(kill.name());
        Optional<String> none = Optional.empty();
        return switch (kill.kind()) {
            case USER ->
                ends.user(
                        kill.tenant(), kill.name(), cause, connections.current().maxSessionAge());
            case CLIENT -> ends.tokens(kill.tenant(), new Ends.Issued(name, none, none), cause);
            case SERVER -> ends.tokens(kill.tenant(), new Ends.Issued(none, name, none), cause);
            case CONNECTION -> ends.tokens(kill.tenant(), new Ends.Issued(none, none, name), cause);
        };
    }

    /** Opens it again. Returns false, and writes nothing down, when it was not shut. */
    public boolean open(Kill kill, String requestId) {
        boolean was = kills.open(kill.tenant(), kill.kind(), kill.name());
        if (was) {
            LOG.warnf(
                    "Opened by an operator kind=%s name=%s %s", kill.kind().word(), printable(kill.name()), kill.by());
            ledger.append(entry(kill, REOPENED, requestId, ""));
        }
        return was;
    }

    private Entry entry(Kill kill, String decision, String requestId, String did) {
        boolean user = kill.kind() == Kill.Kind.USER;
        return Happening.of(decision, kill.kind().word())
                .user(user ? new User(kill.name()) : null)
                .client(kill.kind() == Kill.Kind.CLIENT ? kill.name() : "")
                .server(kill.kind() == Kill.Kind.SERVER ? kill.name() : null)
                .rule(kill.kind() == Kill.Kind.CONNECTION ? kill.name() : null)
                .detail(kill.by() + (kill.until() == null ? "" : " until=" + kill.until()) + did + " reason="
                        + kill.reason())
                .entry(clock.instant(), requestId, kill.tenant());
    }

    private static String printable(String name) {
        return name.replaceAll("[^\\x21-\\x7E]", "?");
    }
}
