package dev.xaabroker.session;

import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.keys.SealBroken;
import dev.xaabroker.keys.Sealer;
import dev.xaabroker.session.SessionRow.Status;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Outstanding tokens in SQL, sealed to their row. */
@ApplicationScoped
class SqlOutstandingTokens implements OutstandingTokens, PanacheRepositoryBase<OutstandingTokenRow, String> {

    private static final Logger LOG = Logger.getLogger(SqlOutstandingTokens.class);

    /** How this table calls the tokens of a login that was revoked by its own clock. */
    static final String LIFETIME = "lifetime";

    private static final String TURN =
            "dueAt <= :now and tenant = :tenant and (leaseUntil is null or leaseUntil <= :now)";

    private final Sql sql;
    private final Sealer sealer;
    private final SealedSession seals;
    private final Clock clock;

    SqlOutstandingTokens(Sql sql, Sealer sealer, SealedSession seals, Clock clock) {
        this.sql = sql;
        this.sealer = sealer;
        this.seals = seals;
        this.clock = clock;
    }

    @Override
    public void record(Issue issue) {
        OutstandingTokenRow row = row(issue.tenant(), Kind.ACCESS, issue.token().value());
        row.sessionId = issue.session().map(Session::id).orElse(null);
        row.pseudonym = issue.identity().user().pseudonym();
        row.idpSession = issue.identity().idpSession();
        row.emailHash = issue.identity().emailHash();
        row.clientId = issue.clientId();
        row.server = issue.server();
        row.issuer = issue.issuer();
        row.connections = "," + String.join(",", issue.connections()) + ",";
        row.cacheName = issue.cacheName();
        row.issuedAt = issue.token().issued();
        row.expiresAt = issue.token().issued().plus(issue.token().upstreamLifetime());
        row.dueAt = issue.revokeAt().orElse(null);
        row.cause = row.dueAt == null ? null : LIFETIME;
        sql.call(() -> {
            issue.session().flatMap(this::ended).ifPresent(cause -> {
                row.dueAt = clock.instant();
                row.cause = cause;
            });
            persist(row);
            return row;
        });
    }

    /**
     * Why the session ended, if it did. Who ends it from now on waits until the token is recorded, and finds it then.
     */
    private Optional<String> ended(Session session) {
        SessionRows.lock(getEntityManager(), List.of(session.id()));
        SessionRow row = getEntityManager().find(SessionRow.class, session.id());
        if (row == null) {
            return Optional.of("gone");
        }
        return row.status == Status.LIVE && row.epoch == session.epoch()
                ? Optional.empty()
                : Optional.of(Objects.requireNonNullElse(row.endCause, "ended"));
    }

    /** Puts the refresh token of a session that ends into the queue, in the caller's transaction. */
    void giveBack(SessionRow session, String cause) {
        if (session.sealedRefreshToken == null) {
            return;
        }
        try {
            giveBack(session, seals.token(session), cause);
        } catch (Refusal unreadable) {
            LOG.warnf("The refresh token of an ended session cannot be read to revoke it session=%s", session.id);
        }
    }

    /** As above, for a token that came when the session was over already. */
    void giveBack(SessionRow session, Secret token, String cause) {
        OutstandingTokenRow row = row(session.tenant, Kind.REFRESH, token);
        row.sessionId = session.id;
        row.pseudonym = Objects.requireNonNullElse(session.pseudonym, "");
        row.idpSession = session.idpSession;
        row.clientId = session.clientId;
        row.issuer = session.idp;
        row.issuedAt = clock.instant();
        row.expiresAt = row.issuedAt.plus(GIVE_UP);
        row.dueAt = row.issuedAt;
        row.cause = cause;
        persist(row);
    }

    /** For how long it is tried to revoke a refresh token, whose own end nobody tells. */
    static final Duration GIVE_UP = Duration.ofHours(24);

    private OutstandingTokenRow row(String tenant, Kind kind, Secret token) {
        OutstandingTokenRow row = new OutstandingTokenRow();
        row.id = UUID.randomUUID().toString();
        row.tenant = tenant;
        row.kind = kind;
        row.fingerprint = Fingerprint.sha256(token.reveal());
        row.sealedToken = sealer.seal(place(tenant, row.id), token.reveal().getBytes(StandardCharsets.UTF_8));
        return row;
    }

    /**
     * Puts the tokens that {@code where} finds into the queue, in the caller's transaction.
     *
     * @return the names under which they may lie in the cache
     */
    List<String> due(String where, Parameters parameters, String cause) {
        Parameters all = parameters.and("now", clock.instant());
        String late = "(" + where + ") and expiresAt > :now and (dueAt is null or dueAt > :now)";
        List<String> names = find("select cacheName from OutstandingTokenRow where " + late, all)
                .project(String.class)
                .list();
        if (!names.isEmpty()) {
            update("dueAt = :now, cause = :cause where " + late, all.and("cause", cause));
        }
        return names;
    }

    @Override
    public List<String> cached(String tenant, String clientId, String fingerprint) {
        return sql.call(() -> find(
                        "select cacheName from OutstandingTokenRow where tenant = ?1 and clientId = ?2"
                                + " and fingerprint = ?3 and cacheName is not null",
                        tenant,
                        clientId,
                        fingerprint)
                .project(String.class)
                .list());
    }

    @Override
    public void revoke(String tenant, String fingerprint, String cause) {
        sql.call(() -> due(
                "tenant = :tenant and fingerprint = :fingerprint",
                Parameters.with("tenant", tenant).and("fingerprint", fingerprint),
                SqlSessions.kept(cause)));
    }

    @Override
    public List<Due> take(String tenant, int most, Duration lease) {
        return sql.call(() -> {
            Instant now = clock.instant();
            List<Due> taken = new ArrayList<>();
            for (OutstandingTokenRow row : find(
                            TURN, Sort.by("dueAt"), Parameters.with("now", now).and("tenant", tenant))
                    .page(0, most)
                    .list()) {
                boolean ours = update(
                                "leaseUntil = :until, attempts = attempts + 1 where id = :id and " + TURN,
                                Parameters.with("until", now.plus(lease))
                                        .and("id", row.id)
                                        .and("tenant", tenant)
                                        .and("now", now))
                        == 1;
                if (ours) {
                    open(row).ifPresent(taken::add);
                }
            }
            return taken;
        });
    }

    private Optional<Due> open(OutstandingTokenRow row) {
        try {
            Secret token = Secret.of(
                    new String(sealer.open(place(row.tenant, row.id), row.sealedToken), StandardCharsets.UTF_8));
            return Optional.of(new Due(
                    row.id,
                    row.kind,
                    row.tenant,
                    row.sessionId,
                    new User(row.pseudonym),
                    row.clientId,
                    row.server,
                    row.issuer,
                    row.fingerprint,
                    token,
                    row.expiresAt,
                    Objects.requireNonNullElse(row.dueAt, row.issuedAt),
                    Objects.requireNonNullElse(row.cause, ""),
                    row.attempts));
        } catch (SealBroken broken) {
            LOG.errorf("A stored value does not open kind=outstanding-token id=%s why=%s", row.id, broken.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void settle(String id) {
        sql.call(() -> deleteById(id));
    }

    @Override
    public void again(String id, Instant at) {
        sql.call(() -> update("dueAt = ?1, leaseUntil = null where id = ?2", at, id));
    }

    @Override
    public long waiting() {
        return sql.call(() -> count("dueAt <= ?1", clock.instant()));
    }

    /**
     * Removes at most {@code most} that have expired and wait for nobody, in the caller's transaction. Those that are due are
     * left to the queue, which says what became of them, and go a day later if it could not: their policy or their key is gone.
     */
    int removeExpired(Instant now, int most) {
        List<String> ids = find(
                        "select id from OutstandingTokenRow where expiresAt <= ?1 and (dueAt is null or expiresAt <= ?2)",
                        now,
                        now.minus(GIVE_UP))
                .project(String.class)
                .page(0, most)
                .list();
        return ids.isEmpty() ? 0 : (int) delete("id in ?1", ids);
    }

    static String place(String tenant, String id) {
        return "outstanding\n" + id + "\ntoken\n" + tenant;
    }
}
