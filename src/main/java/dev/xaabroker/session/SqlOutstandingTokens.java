package dev.xaabroker.session;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.keys.Sealer;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Outstanding tokens in SQL, sealed to their row. */
@ApplicationScoped
class SqlOutstandingTokens implements OutstandingTokens, PanacheRepositoryBase<OutstandingTokenRow, String> {

    private final Sql sql;
    private final Sealer sealer;

    SqlOutstandingTokens(Sql sql, Sealer sealer) {
        this.sql = sql;
        this.sealer = sealer;
    }

    @Override
    public void record(
            String tenant, Optional<String> sessionId, User user, String clientId, String server, AccessToken token) {
        OutstandingTokenRow row = new OutstandingTokenRow();
        row.id = UUID.randomUUID().toString();
        row.tenant = tenant;
        row.sessionId = sessionId.orElse(null);
        row.pseudonym = user.pseudonym();
        row.clientId = clientId;
        row.server = server;
        String value = token.value().reveal();
        row.fingerprint = Fingerprint.sha256(value);
        row.sealedToken = sealer.seal(place(tenant, row.id), value.getBytes(StandardCharsets.UTF_8));
        row.issuedAt = token.issued();
        row.expiresAt = token.issued().plus(token.upstreamLifetime());
        sql.call(() -> {
            persist(row);
            return row;
        });
    }

    /** Removes at most {@code most} that have expired, in the caller's transaction. */
    int removeExpired(Instant now, int most) {
        List<String> ids = find("select id from OutstandingTokenRow where expiresAt <= ?1", now)
                .project(String.class)
                .page(0, most)
                .list();
        return ids.isEmpty() ? 0 : (int) delete("id in ?1", ids);
    }

    static String place(String tenant, String id) {
        return "outstanding\n" + id + "\ntoken\n" + tenant;
    }
}
