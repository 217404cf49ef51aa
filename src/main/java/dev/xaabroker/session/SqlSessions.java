package dev.xaabroker.session;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionRow.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sessions in PostgreSQL or embedded H2. */
@ApplicationScoped
class SqlSessions implements SessionStore {

    private static final Logger LOG = Logger.getLogger(SqlSessions.class);
    private static final int LONGEST_CAUSE = 100;

    private final Sql sql;
    private final SessionRows rows;
    private final SealedSession seals;
    private final Handles handles;
    private final Adoption adoption;
    private final Proving proving;
    private final Rotation rotation;
    private final Superseding superseding;
    private final Tombstones tombstones;
    private final Ends ends;
    private final Clock clock;

    SqlSessions(
            Sql sql,
            SessionRows rows,
            SealedSession seals,
            Handles handles,
            Adoption adoption,
            Proving proving,
            Rotation rotation,
            Superseding superseding,
            Tombstones tombstones,
            Ends ends,
            Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.seals = seals;
        this.handles = handles;
        this.adoption = adoption;
        this.proving = proving;
        this.rotation = rotation;
        this.superseding = superseding;
        this.tombstones = tombstones;
        this.ends = ends;
        this.clock = clock;
    }

    @Override
    public Adopted adopt(
            String tenant, Client client, String issuer, Secret presented, Duration maxAge, RefreshGrant refresh) {
        Adoption.Outcome outcome = adoption.adopt(tenant, client, issuer, presented, maxAge, refresh);
        if (outcome.proof().isPresent()) {
            superseding.makeRoomFor(outcome.sessionId());
        }
        SessionRow row = live(found(() -> rows.findById(outcome.sessionId())));
        Secret handle = sql.call(() -> handles.issue(outcome.sessionId()));
        return new Adopted(seals.session(row), handle, outcome.proof());
    }

    @Override
    public Session byHandle(String tenant, Client client, Secret handle) {
        Found found = found(() -> handles.sessionOf(handle).map(rows::findById).orElse(null));
        SessionRow row = found.row();
        if (row == null || !row.tenant.equals(tenant) || !row.clientId.equals(client.id())) {
            throw Failure.Denied.of(Reason.SESSION_UNKNOWN, "There is no such session for this client; log in again.")
                    .refusal();
        }
        return seals.session(live(found));
    }

    /**
     * A row, and why its login is over although the row may not say so: it was adopted while that was being ended.
     *
     * @param over empty when nothing speaks against it
     */
    private record Found(@Nullable SessionRow row, Optional<String> over) {}

    private Found found(Supplier<@Nullable SessionRow> read) {
        return sql.call(() -> {
            SessionRow row = read.get();
            return new Found(row, row == null ? Optional.empty() : tombstones.over(row));
        });
    }

    @Override
    public Proved prove(Session session, Instant since, RefreshGrant refresh) {
        return proving.prove(session, since, false, refresh);
    }

    @Override
    public Proved proveAfresh(Session session, Instant since, RefreshGrant refresh) {
        return proving.prove(session, since, true, refresh);
    }

    @Override
    public <T> T withRefreshToken(Session session, Function<Secret, T> use) {
        return proving.withRefreshToken(session, use);
    }

    @Override
    public void end(Session session, String cause) {
        String kept = kept(cause);
        boolean ended = sql.call(() -> rows.end(session.id(), kept));
        rotation.forget(session.id());
        if (ended) {
            LOG.infof("Session ended session=%s client=%s cause=%s", session.id(), session.clientId(), kept);
        }
    }

    /** As much of a cause as a row holds. */
    static String kept(String cause) {
        return cause.substring(0, Math.min(LONGEST_CAUSE, cause.length()));
    }

    @Override
    public void assertStillLive(Session session) {
        boolean alive = sql.call(() -> rows.count(
                                "id = ?1 and epoch = ?2 and status = ?3 and expiresAt > ?4",
                                session.id(),
                                session.epoch(),
                                Status.LIVE,
                                clock.instant())
                        == 1
                && tombstones.over(session.identity(), session.began()).isEmpty());
        if (!alive) {
            throw Proving.ended("the session ended while the request was under way");
        }
    }

    @Override
    public boolean isEndedLogin(String tenant, Identity login, Instant began) {
        return sql.call(() -> tombstones.over(login, began).isPresent()
                || (login.idpSession() != null
                        && rows.count(
                                        "tenant = ?1 and idpSession = ?2 and status = ?3 and endCause not in ?4",
                                        tenant,
                                        login.idpSession(),
                                        Status.ENDED,
                                        Limits.BLAMELESS)
                                > 0));
    }

    @Override
    public Map<String, Identity> lastKnown(String tenant, Set<String> sessionIds) {
        List<SessionRow> found =
                sql.call(() -> rows.list("tenant = ?1 and id in ?2 and status = ?3", tenant, sessionIds, Status.LIVE));
        Map<String, Identity> identities = new HashMap<>();
        for (SessionRow row : found) {
            seals.readable(row).ifPresent(identity -> identities.put(row.id, identity));
        }
        return identities;
    }

    /** The row of a session that may be used; that it is used now is written down. */
    private SessionRow live(Found found) {
        SessionRow row = found.row();
        if (row == null || row.status != Status.LIVE) {
            throw Proving.ended("the session is over: " + (row == null ? "gone" : row.endCause));
        }
        if (found.over().isPresent()) {
            ends.session(row.tenant, row.id, found.over().get());
            throw Proving.ended("the session is over: " + found.over().get());
        }
        Optional<String> limit = rows.limitReached(row);
        if (limit.isPresent()) {
            if (sql.call(() -> rows.end(row.id, limit.get()))) {
                LOG.infof("Session ended session=%s client=%s cause=%s", row.id, row.clientId, limit.get());
            }
            throw Proving.ended("the session is over: " + limit.get());
        }
        if (rows.isWorthWriting(row)) {
            sql.call(() -> {
                rows.use(row);
                return row;
            });
        }
        return row;
    }
}
