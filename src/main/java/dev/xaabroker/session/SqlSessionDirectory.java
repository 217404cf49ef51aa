package dev.xaabroker.session;

import dev.xaabroker.grant.SessionSummary;
import dev.xaabroker.session.SessionRow.Status;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The directory in SQL. It unseals nothing. */
@ApplicationScoped
class SqlSessionDirectory implements SessionDirectory {

    private final Sql sql;
    private final SessionRows rows;
    private final Handles handles;
    private final Rotation rotation;
    private final Clock clock;

    SqlSessionDirectory(Sql sql, SessionRows rows, Handles handles, Rotation rotation, Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.handles = handles;
        this.rotation = rotation;
        this.clock = clock;
    }

    @Override
    public List<SessionSummary> list(Optional<String> user, Optional<String> client, boolean ended, int limit) {
        List<String> conditions = new ArrayList<>();
        Parameters values = new Parameters();
        user.ifPresent(pseudonym -> {
            conditions.add("pseudonym = :user");
            values.and("user", pseudonym);
        });
        client.ifPresent(id -> {
            conditions.add("clientId = :client");
            values.and("client", id);
        });
        if (!ended) {
            conditions.add("status = :status and expiresAt > :now");
            values.and("status", Status.LIVE).and("now", clock.instant());
        }
        String query = conditions.isEmpty() ? "1 = 1" : String.join(" and ", conditions);
        Sort newestFirst = Sort.descending("createdAt", "id");
        return sql.call(() -> rows.find(query, newestFirst, values).page(0, limit).stream()
                .map(this::summary)
                .toList());
    }

    @Override
    public Optional<SessionSummary> find(String id) {
        return sql.call(() -> rows.findByIdOptional(id).map(this::summary));
    }

    @Override
    public boolean end(String id, String cause) {
        boolean now = sql.call(() -> rows.end(id, SqlSessions.kept(cause)));
        rotation.forget(id);
        return now;
    }

    private SessionSummary summary(SessionRow row) {
        return new SessionSummary(
                row.id,
                row.tenant,
                row.pseudonym,
                row.clientId,
                row.idp,
                row.status.name().toLowerCase(Locale.ROOT),
                row.createdAt,
                row.provenAt,
                row.expiresAt,
                row.status != Status.ENDED && row.isInDoubt(clock.instant()),
                handles.count("sessionId", row.id),
                row.endedAt,
                row.endCause);
    }
}
