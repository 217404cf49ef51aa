package dev.xaabroker.session;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionRow.Status;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements that move a session from state to state. Each runs inside the caller's transaction. */
@ApplicationScoped
class SessionRows implements PanacheRepositoryBase<SessionRow, String> {

    private static final String AT_END = ", epoch = epoch + 1, sealedRefreshToken = null, sealedIdentity = null,"
            + " sealedProof = null, leaseUntil = null, version = version + 1 where ";
    private static final String END = "status = ?1, endedAt = ?2, endCause = ?3" + AT_END + "id = ?4 and status <> ?1";

    private final SealedSession seals;
    private final SessionsConfig config;
    private final Limits limits;
    private final SqlOutstandingTokens outstanding;
    private final Clock clock;

    SessionRows(
            SealedSession seals, SessionsConfig config, Limits limits, SqlOutstandingTokens outstanding, Clock clock) {
        this.seals = seals;
        this.config = config;
        this.limits = limits;
        this.outstanding = outstanding;
        this.clock = clock;
    }

    @Nullable
    SessionRow byAdoption(String adoption) {
        return find("adoption", adoption).firstResult();
    }

    Instant leaseEnd() {
        return clock.instant().plus(config.lease());
    }

    /**
     * Takes the lease, so that no other process talks to the IdP about this session meanwhile.
     *
     * @return whether it was taken; {@code row} then carries the version that goes with it
     */
    boolean lease(SessionRow row) {
        if (row.isLeased(clock.instant())
                || update(
                                "leaseUntil = ?1, version = version + 1 where id = ?2 and version = ?3 and status <> ?4",
                                leaseEnd(),
                                row.id,
                                row.version,
                                Status.ENDED)
                        == 0) {
            return false;
        }
        row.version++;
        return true;
    }

    /**
     * As {@link #lease}, for whoever is about to send the refresh token: until the answer is stored, it counts as one that
     * may be spent.
     */
    boolean leaseToSend(SessionRow row, Doubt doubt) {
        Instant sentAt = doubt == Doubt.ONCE_MORE && row.refreshSentAt != null ? row.refreshSentAt : clock.instant();
        if (row.isLeased(clock.instant())
                || update(
                                "leaseUntil = ?1, refreshSentAt = ?4, refreshResent = ?5, version = version + 1"
                                        + " where id = ?2 and version = ?3 and status <> ?6",
                                leaseEnd(),
                                row.id,
                                row.version,
                                sentAt,
                                doubt == Doubt.ONCE_MORE,
                                Status.ENDED)
                        == 0) {
            return false;
        }
        row.version++;
        row.sentBefore = row.refreshSentAt;
        row.resentBefore = row.refreshResent;
        row.refreshSentAt = sentAt;
        row.refreshResent = doubt == Doubt.ONCE_MORE;
        return true;
    }

    /** Gives the lease back when nothing was sent after all: what was known of the token before stands. */
    void takeBack(SessionRow row) {
        update(
                "leaseUntil = null, refreshSentAt = ?4, refreshResent = ?5, version = version + 1"
                        + " where id = ?1 and version = ?2 and status <> ?3",
                row.id,
                row.version,
                Status.ENDED,
                row.sentBefore,
                row.resentBefore);
    }

    /** Lets the lease that {@code row} carries live on. Returns false when it is another's, or the session over. */
    boolean extend(SessionRow row) {
        return update(
                        "leaseUntil = ?1 where id = ?2 and version = ?3 and status <> ?4",
                        leaseEnd(),
                        row.id,
                        row.version,
                        Status.ENDED)
                == 1;
    }

    /**
     * Gives the lease back after a refresh that proved nothing.
     *
     * @param spent whether the token may be spent all the same: no answer came, to this sending or to the one before
     */
    void release(SessionRow row, boolean spent) {
        boolean doubtful = spent || row.refreshResent;
        update(
                "leaseUntil = null, refreshSentAt = ?4, refreshResent = ?5, version = version + 1"
                        + " where id = ?1 and version = ?2 and status <> ?3",
                row.id,
                row.version,
                Status.ENDED,
                doubtful ? row.refreshSentAt : null,
                doubtful && row.refreshResent);
    }

    /** Takes the token that an answer brought which proved nothing, and gives the lease back. */
    boolean succeed(SessionRow row, Secret successor) {
        return update(
                        "sealedRefreshToken = ?1, rotates = true, refreshSentAt = null, refreshResent = false,"
                                + " leaseUntil = null, version = version + 1"
                                + " where id = ?2 and version = ?3 and status <> ?4",
                        seals.token(row.tenant, row.id, successor),
                        row.id,
                        row.version,
                        Status.ENDED)
                == 1;
    }

    /**
     * Stores what a refresh proved, the rotated token included; the session is live after it.
     *
     * @return whether the lease was still ours and the session not over
     */
    boolean prove(SessionRow row, Proven proven) {
        byte[] identity = seals.identity(row.tenant, row.id, proven.identity());
        byte[] token = proven.rotated() == null ? null : seals.token(row.tenant, row.id, proven.rotated());
        boolean proved = update(
                        "status = ?1, sealedIdentity = ?2, sealedRefreshToken = coalesce(?3, sealedRefreshToken),"
                                + " pseudonym = ?4, idpSession = ?5, provenAt = ?6, leaseUntil = null, version = version + 1,"
                                + " sealedProof = ?10, refreshSentAt = null, refreshResent = false, rotates = ?11,"
                                + " authTime = ?12, emailHash = ?13 where id = ?7 and version = ?8 and status <> ?9",
                        Status.LIVE,
                        identity,
                        token,
                        proven.identity().user().pseudonym(),
                        proven.identity().idpSession(),
                        proven.at(),
                        row.id,
                        row.version,
                        Status.ENDED,
                        seals.proof(row.tenant, row.id, proven),
                        row.rotates || proven.rotated() != null,
                        proven.identity().authTime(),
                        proven.identity().emailHash())
                == 1;
        if (proved) {
            use(row);
        }
        return proved;
    }

    /** Whether {@link #use} has something to write. */
    boolean isWorthWriting(SessionRow row) {
        return limits.isWorthWriting(row);
    }

    /** Writes down that a connect used the session, when the use that is written is not young enough to stand for it. */
    void use(SessionRow row) {
        if (limits.isWorthWriting(row)) {
            update(
                    "lastUsedAt = ?1 where id = ?2 and status = ?3 and lastUsedAt < ?1",
                    clock.instant(),
                    row.id,
                    Status.LIVE);
        }
    }

    /** The limit for which the session is over by now, and is to be {@linkplain #end ended}. */
    Optional<String> limitReached(SessionRow row) {
        return limits.reached(row);
    }

    /**
     * Ends a session; its secrets go, its row and the hashes stay as tombstones, and the access tokens that were issued to it
     * are to be revoked.
     */
    boolean end(String id, String cause) {
        return ended(id, cause, update(END, Status.ENDED, clock.instant(), cause, id));
    }

    /** As {@link #end}, and says under which names those tokens may lie in the cache. */
    List<String> endNow(String id, String cause) {
        update(END, Status.ENDED, clock.instant(), cause, id);
        return revoke(List.of(id), cause);
    }

    /** Ends a session unless another process changed it since {@code row} was leased. */
    boolean endUnmoved(SessionRow row, String cause) {
        return ended(
                row.id,
                cause,
                update(END + " and version = ?5", Status.ENDED, clock.instant(), cause, row.id, row.version));
    }

    private boolean ended(String id, String cause, int changed) {
        if (changed == 1) {
            revoke(List.of(id), cause);
        }
        return changed == 1;
    }

    private List<String> revoke(List<String> sessionIds, String cause) {
        return outstanding.due("sessionId in :sessions", Parameters.with("sessions", sessionIds), cause);
    }

    /**
     * Has a live session proven at its IdP before its next use, however young its proof is. A refresh that is under way will
     * do, and is not disturbed.
     */
    void doubt(String id) {
        update("provenAt = ?1, sealedProof = null where id = ?2 and status = ?3", Instant.EPOCH, id, Status.LIVE);
    }

    /**
     * Has everybody else wait who would change these rows, until the caller's transaction ends. In the order of their ids, so
     * that two that lock the same ones never wait for each other.
     */
    static void lock(EntityManager database, Collection<String> ids) {
        if (!ids.isEmpty()) {
            // In SQL, as Hibernate would write a lock of PostgreSQL's own that H2 does not know.
            database.createNativeQuery(
                            "select id from sso_session where id in (:ids) order by id for update", String.class)
                    .setParameter("ids", ids)
                    .getResultList();
        }
    }

    /** The rows that {@code where} finds, locked. */
    List<SessionRow> locked(String where, Parameters parameters) {
        List<String> ids = find("select id from SessionRow where " + where, parameters)
                .project(String.class)
                .list();
        lock(getEntityManager(), ids);
        return ids.isEmpty() ? List.of() : list("id in ?1", Sort.by("id"), ids);
    }

    /** The first {@code most} ids of the rows that {@code where} finds. */
    List<String> ids(String where, Parameters parameters, int most) {
        return find("select id from SessionRow where " + where, parameters)
                .project(String.class)
                .page(0, most)
                .list();
    }

    /** Ends those of {@code ids} for which {@code where} still holds. */
    int endAll(List<String> ids, String cause, String where, Parameters parameters) {
        int ended = update(
                "status = :ended, endedAt = :at, endCause = :cause" + AT_END + "id in :ids and " + where,
                parameters
                        .and("ended", Status.ENDED)
                        .and("at", clock.instant())
                        .and("cause", cause)
                        .and("ids", ids));
        if (ended > 0) {
            outstanding.due(
                    "sessionId in (select id from SessionRow where id in :sessions and status = :over)",
                    Parameters.with("sessions", ids).and("over", Status.ENDED),
                    cause);
        }
        return ended;
    }
}
