package dev.xaabroker.broker;

import dev.xaabroker.grant.SessionSummary;
import dev.xaabroker.grant.User;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.session.Ends;
import dev.xaabroker.session.SessionDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Looks sessions up and ends them, for faces whose callers have the right to. */
@ApplicationScoped
public class SessionDesk {

    /** How the ledger calls the end of a session. */
    public static final String ENDED = "ended";

    private static final Logger LOG = Logger.getLogger(SessionDesk.class);

    private final SessionDirectory sessions;
    private final Ends ends;
    private final Ending ending;
    private final Ledger ledger;
    private final Clock clock;

    SessionDesk(SessionDirectory sessions, Ends ends, Ending ending, Ledger ledger, Clock clock) {
        this.sessions = sessions;
        this.ends = ends;
        this.ending = ending;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Sessions, newest first.
     *
     * @param user only of this pseudonym
     * @param client only of this client
     * @param ended whether those that are over are listed too
     * @param limit at most this many
     */
    public List<SessionSummary> list(
            String tenant, Optional<String> user, Optional<String> client, boolean ended, int limit) {
        return sessions.list(tenant, user, client, ended, limit);
    }

    /** The session of that id. */
    public Optional<SessionSummary> find(String tenant, String id) {
        return sessions.find(tenant, id);
    }

    /**
     * Ends a session: when this returns, no connect that begins, on any replica, gets a token through it. The end is durable
     * before the ledger is told, for it must not wait for a ledger that is down; who is told 503 then asks again.
     *
     * @param by who it is, as the log of the admin face names them
     * @return the session as it is now; absent when there is none
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when nothing was ended, Unavailable "ledger" when it was ended
     *     and not written down
     */
    public Optional<SessionSummary> end(String tenant, String id, String reason, String by, String requestId) {
        Optional<SessionSummary> found = sessions.find(tenant, id);
        found.ifPresent(session -> {
            Ends.Ended ended = ending.by("admin", clock.instant(), () -> ends.session(tenant, id, "admin: " + reason));
            boolean now = !ended.sessions().isEmpty();
            LOG.infof("Session ended by an operator session=%s client=%s %s", id, session.client(), by);
            ledger.append(entry(
                    session,
                    now ? "admin" : "admin-again",
                    by + " tokens=" + ended.tokens() + " reason=" + reason,
                    requestId));
        });
        return found.flatMap(session -> sessions.find(tenant, id));
    }

    private Entry entry(SessionSummary session, String code, String detail, String requestId) {
        return Happening.of(ENDED, code)
                .user(session.user() == null ? null : new User(session.user()))
                .client(session.client())
                .session(session.id())
                .detail(detail)
                .entry(clock.instant(), requestId, session.tenant());
    }
}
