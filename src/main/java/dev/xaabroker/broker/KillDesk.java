package dev.xaabroker.broker;

import dev.xaabroker.grant.Kill;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.grant.User;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.session.KillSwitch;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;

/** Shuts users, clients, servers and connections, and opens them again, for faces whose callers have the right to. */
@ApplicationScoped
public class KillDesk {

    /** How the ledger calls what was shut and opened; neither is a decision on a request. */
    public static final String KILLED = "killed";

    public static final String REOPENED = "reopened";

    private static final Logger LOG = Logger.getLogger(KillDesk.class);

    private final KillSwitch kills;
    private final Ledger ledger;
    private final Clock clock;

    KillDesk(KillSwitch kills, Ledger ledger, Clock clock) {
        this.kills = kills;
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
        kills.shut(kill);
        LOG.warnf("Shut by an operator kind=%s name=%s %s", kill.kind().word(), printable(kill.name()), kill.by());
        ledger.append(entry(kill, KILLED, requestId));
    }

    /** Opens it again. Returns false, and writes nothing down, when it was not shut. */
    public boolean open(Kill kill, String requestId) {
        boolean was = kills.open(kill.tenant(), kill.kind(), kill.name());
        if (was) {
            LOG.warnf(
                    "Opened by an operator kind=%s name=%s %s", kill.kind().word(), printable(kill.name()), kill.by());
            ledger.append(entry(kill, REOPENED, requestId));
        }
        return was;
    }

    private Entry entry(Kill kill, String decision, String requestId) {
        boolean user = kill.kind() == Kill.Kind.USER;
        return new Entry(
                clock.instant(),
                requestId,
                kill.tenant(),
                user ? new User(kill.name()) : null,
                kill.kind() == Kill.Kind.CLIENT ? kill.name() : "",
                kill.kind() == Kill.Kind.SERVER ? kill.name() : null,
                null,
                kill.kind() == Kill.Kind.CONNECTION ? kill.name() : null,
                null,
                null,
                null,
                decision,
                kill.kind().word(),
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                kill.by() + (kill.until() == null ? "" : " until=" + kill.until()) + " reason=" + kill.reason());
    }

    private static String printable(String name) {
        return name.replaceAll("[^\\x21-\\x7E]", "?");
    }
}
