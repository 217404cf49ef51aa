package dev.xaabroker.session;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.session.SessionRow.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** Decoys beside the real sessions: rows like theirs, so that what is true of one is true of the other. */
@ApplicationScoped
class SqlDecoySessions implements DecoySessions {

    private final Sql sql;
    private final SessionRows rows;
    private final SealedSession seals;
    private final Handles handles;
    private final Clock clock;

    SqlDecoySessions(Sql sql, SessionRows rows, SealedSession seals, Handles handles, Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.seals = seals;
        this.handles = handles;
        this.clock = clock;
    }

    @Override
    public Decoy plant(String tenant, Client client, String issuer, Identity identity, Duration life) {
        return sql.call(() -> {
            SessionRow row = new SessionRow();
            row.id = UUID.randomUUID().toString().replace("-", "");
            row.tenant = tenant;
            row.clientId = client.id();
            row.idp = issuer;
            row.status = Status.LIVE;
            // No hash of a presented token has this form, so no adoption reaches it.
            row.adoption = "decoy:" + row.id;
            row.pseudonym = identity.user().pseudonym();
            row.authTime = identity.authTime();
            row.sealedIdentity = seals.identity(tenant, row.id, identity);
            row.createdAt = clock.instant();
            row.provenAt = row.createdAt;
            row.lastUsedAt = row.createdAt;
            row.expiresAt = row.createdAt.plus(life);
            rows.persistAndFlush(row);
            return new Decoy(row.id, identity, handles.issue(row.id));
        });
    }

    @Override
    public void remove(String tenant, Decoy decoy) {
        sql.call(() -> rows.delete("id = ?1 and tenant = ?2", decoy.id(), tenant));
    }
}
