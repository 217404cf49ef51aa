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
import java.util.Map;
import java.util.Optional;

/** The directory in SQL. It unseals nothing. */
@ApplicationScoped
class SqlSessionDirectory implements SessionDirectory {

    private final Sql sql;
    private final SessionRows rows;
    private final Handles handles;
    private final Clock clock;

    SqlSessionDirectory(Sql sql, SessionRows rows, Handles handles, Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.handles = handles;
        this.clock = clock;
    }

    @Override
    public List<SessionSummary> list(
            String tenant, Optional<String> user, Optional<String> client, boolean ended, int limit) {
        List<String> conditions = new ArrayList<>(List.of("tenant = :tenant"));
        Parameters values = Parameters.with("tenant", tenant);
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
        String query = String.join(" and ", conditions);
        Sort newestFirst = Sort.descending("createdAt", "id");
        return sql.call(() -> {
            List<SessionRow> page =
                    rows.find(query, newestFirst, values).page(0, limit).list();
            Map<String, Long> counts =
                    handles.count(page.stream().map(row -> row.id).toList());
            return page.stream()
                    .map(row -> summary(row, counts.getOrDefault(row.id, 0L)))
                    .toList();
        });
    }

    @Override
    public Optional<SessionSummary> find(String tenant, String id) {
        return sql.call(() -> rows.findByIdOptional(id)
                .filter(row -> row.tenant.equals(tenant))
                .map(row -> summary(row, handles.count("sessionId", id))));
    }

    private SessionSummary summary(SessionRow row, long handleCount) {
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
                handleCount,
                row.endedAt,
                row.endCause);
    }
}
