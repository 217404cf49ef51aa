package dev.xaabroker.session;

import dev.xaabroker.session.SessionRow.Status;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The sweep in SQL: finds the oldest by an index, and changes those of them that are still as they were found. The order is
 * what makes PostgreSQL take the index: it expects many where, as a rule, there are none.
 */
@ApplicationScoped
class SqlSessionSweep implements SessionSweep {

    private static final Logger LOG = Logger.getLogger(SqlSessionSweep.class);

    private static final Due UNUSED =
            new Due("tenant = :tenant and status = :status and lastUsedAt <= :old", "lastUsedAt");
    private static final Due EXPIRED =
            new Due("tenant = :tenant and status = :status and expiresAt <= :old", "expiresAt");
    private static final Due OVERAGE =
            new Due("tenant = :tenant and status = :status and createdAt <= :old", "createdAt");
    private static final Due ABANDONED = new Due(
            "tenant = :tenant and status = :status and createdAt <= :old and expiresAt <= :now"
                    + " and (leaseUntil is null or leaseUntil <= :now)",
            "createdAt");
    /** A session that was adopted under a longer bound is remembered for as long as it could have lived. */
    private static final Due FORGOTTEN =
            new Due("tenant = :tenant and status = :status and endedAt <= :old and expiresAt <= :now", "endedAt");

    /** What to look for, and the column that its index has after the status. */
    private record Due(String where, String column) {

        String oldestFirst() {
            return where + " order by status, " + column;
        }
    }

    private final Sql sql;
    private final SessionRows rows;
    private final SqlOutstandingTokens outstanding;
    private final Tombstones tombstones;
    private final SeenSignals seen;
    private final SqlKillSwitch kills;
    private final Rotation rotation;
    private final Limits limits;
    private final Clock clock;

    SqlSessionSweep(
            Sql sql,
            SessionRows rows,
            SqlOutstandingTokens outstanding,
            Tombstones tombstones,
            SeenSignals seen,
            SqlKillSwitch kills,
            Rotation rotation,
            Limits limits,
            Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.outstanding = outstanding;
        this.tombstones = tombstones;
        this.seen = seen;
        this.kills = kills;
        this.rotation = rotation;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public int sweep(String tenant, Kind kind, Duration maxAge, int most) {
        Instant now = clock.instant();
        Instant old = now.minus(maxAge);
        return switch (kind) {
            case IDLE -> {
                Optional<Instant> since = limits.unusedSince(now);
                yield since.isEmpty() ? 0 : end(tenant, UNUSED, since.get(), Limits.IDLE, most);
            }
            case EXPIRED -> end(tenant, EXPIRED, now, Limits.EXPIRED, most);
            case OVERAGE -> end(tenant, OVERAGE, old, Limits.EXPIRED, most);
            case ABANDONED -> remove(tenant, ABANDONED, Status.PENDING, old, now, most);
            case TOMBSTONE -> remove(tenant, FORGOTTEN, Status.ENDED, old, now, most);
            case OUTSTANDING -> sql.call(() -> outstanding.removeExpired(now, most));
            case REMEMBERED ->
                sql.call(() -> {
                    int forgotten = tombstones.removeExpired(now, most);
                    return forgotten == most ? most : forgotten + seen.removeExpired(now, most - forgotten);
                });
            case REOPENED -> sql.call(() -> kills.removeOpen(tenant, old, most));
        };
    }

    @Override
    public long living() {
        return sql.call(() -> rows.count("status", Status.LIVE));
    }

    /** A use that comes in between is in the row when it is changed, and saves the session. */
    private int end(String tenant, Due due, Instant old, String cause, int most) {
        return sql.call(() -> {
            List<String> ids = rows.ids(
                    due.oldestFirst(),
                    Parameters.with("tenant", tenant).and("status", Status.LIVE).and("old", old),
                    most);
            int ended = ids.isEmpty()
                    ? 0
                    : rows.endAll(
                            ids,
                            cause,
                            due.where(),
                            Parameters.with("tenant", tenant)
                                    .and("status", Status.LIVE)
                                    .and("old", old));
            if (ended == ids.size()) {
                ids.forEach(rotation::forget);
            }
            if (ended > 0) {
                LOG.debugf("Sessions ended by the sweep cause=%s count=%d among=%s", cause, ended, ids);
            }
            return ended;
        });
    }

    private int remove(String tenant, Due due, Status status, Instant old, Instant now, int most) {
        return sql.call(() -> {
            Parameters bounds = Parameters.with("tenant", tenant)
                    .and("status", status)
                    .and("old", old)
                    .and("now", now);
            List<String> ids = rows.ids(due.oldestFirst(), bounds, most);
            return ids.isEmpty() ? 0 : (int) rows.delete("id in :ids and " + due.where(), bounds.and("ids", ids));
        });
    }
}
