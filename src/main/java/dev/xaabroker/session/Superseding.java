package dev.xaabroker.session;

import dev.xaabroker.session.SessionRow.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;

/** Keeps the sessions of one user and client within their number: beyond it the one unused for longest ends. */
@ApplicationScoped
class Superseding {

    private static final Logger LOG = Logger.getLogger(Superseding.class);

    /** One order for everybody: adoptions that count at once end the same ones, and no more than are too many. */
    private static final Comparator<SessionRow> LEAST_USED_FIRST =
            Comparator.comparing(Superseding::lastUse).thenComparing(row -> row.id);

    private final Sql sql;
    private final SessionRows rows;
    private final Rotation rotation;
    private final SessionsConfig config;
    private final Clock clock;

    Superseding(Sql sql, SessionRows rows, Rotation rotation, SessionsConfig config, Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.rotation = rotation;
        this.config = config;
        this.clock = clock;
    }

    /** Ends what is too many now that {@code sessionId} lives. */
    void makeRoomFor(String sessionId) {
        if (config.perUserAndClient() > 0) {
            List<SessionRow> ended = sql.call(() -> surplus(sessionId).stream()
                    .filter(row -> rows.end(row.id, Limits.SUPERSEDED))
                    .toList());
            for (SessionRow row : ended) {
                rotation.forget(row.id);
                LOG.infof(
                        "Session ended session=%s client=%s cause=%s by=%s",
                        row.id, row.clientId, Limits.SUPERSEDED, sessionId);
            }
        }
    }

    private List<SessionRow> surplus(String sessionId) {
        SessionRow adopted = rows.findById(sessionId);
        if (adopted == null || adopted.pseudonym == null) {
            return List.of();
        }
        List<SessionRow> living = rows.list(
                "tenant = ?1 and pseudonym = ?2 and clientId = ?3 and status = ?4 and expiresAt > ?5",
                adopted.tenant,
                adopted.pseudonym,
                adopted.clientId,
                Status.LIVE,
                clock.instant());
        return living.stream()
                .sorted(LEAST_USED_FIRST)
                .limit(Math.max(0, living.size() - config.perUserAndClient()))
                .toList();
    }

    /** Each refresh is a use, and is written exactly. */
    private static Instant lastUse(SessionRow row) {
        return row.provenAt != null && row.provenAt.isAfter(row.lastUsedAt) ? row.provenAt : row.lastUsedAt;
    }
}
