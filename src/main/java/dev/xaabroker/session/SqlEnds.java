package dev.xaabroker.session;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.session.Rotation.HeldTokens;
import dev.xaabroker.session.SessionRow.Status;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Ends in SQL: what is remembered, the sessions and the queue change in one transaction. */
@ApplicationScoped
class SqlEnds implements Ends {

    private static final Logger LOG = Logger.getLogger(SqlEnds.class);
    private static final int ATTEMPTS = 5;

    private final Sql sql;
    private final SessionRows rows;
    private final Tombstones tombstones;
    private final SqlOutstandingTokens outstanding;
    private final SeenSignals seen;
    private final Handles handles;
    private final HeldTokens held;
    private final Rotation rotation;
    private final Clock clock;

    SqlEnds(
            Sql sql,
            SessionRows rows,
            Tombstones tombstones,
            SqlOutstandingTokens outstanding,
            SeenSignals seen,
            Handles handles,
            HeldTokens held,
            Rotation rotation,
            Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.tombstones = tombstones;
        this.outstanding = outstanding;
        this.seen = seen;
        this.handles = handles;
        this.held = held;
        this.rotation = rotation;
        this.clock = clock;
    }

    @Override
    public Ended session(String tenant, String id, String cause) {
        return ended(cause, () -> {
            List<SessionRow> found = rows.locked(
                    "id = :id and tenant = :tenant", Parameters.with("id", id).and("tenant", tenant));
            String kept = SqlSessions.kept(cause);
            // One that ended by itself a moment ago says nothing against its login: this does.
            rows.update(
                    "endCause = ?1 where id = ?2 and tenant = ?3 and endCause in ?4",
                    kept,
                    id,
                    tenant,
                    Limits.BLAMELESS);
            return end(
                    found,
                    kept,
                    "sessionId = :id and tenant = :tenant",
                    Parameters.with("id", id).and("tenant", tenant));
        });
    }

    @Override
    public Ended logins(Logins logins, String cause, Duration remembered) {
        String kept = SqlSessions.kept(cause);
        return ended(cause, () -> {
            remember(logins, kept, clock.instant().plus(remembered));
            Where where = Where.of(logins);
            List<SessionRow> all =
                    rows.locked(where.sessions() + " and idp = :issuer", where.parameters(logins.issuer()));
            List<SessionRow> meant = new ArrayList<>();
            for (SessionRow row : all) {
                if (logins.idpSession() != null
                        ? row.idpSession != null
                        : !row.loginAt().isAfter(logins.upTo())) {
                    meant.add(row);
                } else if (row.status == Status.LIVE) {
                    rows.doubt(row.id);
                }
            }
            // Without a session nothing says when the login began: all of them go.
            Ended ended = end(
                    meant,
                    kept,
                    where.clause + " and issuer = :issuer and sessionId is null",
                    where.parameters(logins.issuer()));
            return new Ended(ended.sessions(), ended.tokens(), ended.cached(), !all.isEmpty());
        });
    }

    private void remember(Logins logins, String cause, Instant expires) {
        String session = logins.idpSession();
        String person = logins.user() != null
                ? Tombstones.ofUser(logins.user())
                : logins.email() != null ? Tombstones.ofEmail(logins.email()) : null;
        if (session != null) {
            String login = person == null ? Tombstones.ofLogin(session) : Tombstones.ofLogin(session, person);
            tombstones.raise(logins.tenant(), login, null, cause, expires);
        } else if (person != null) {
            tombstones.raise(logins.tenant(), person, logins.upTo(), cause, expires);
        }
    }

    @Override
    public Ended user(String tenant, String pseudonym, String cause, Duration remembered) {
        String kept = SqlSessions.kept(cause);
        return ended(cause, () -> {
            Instant now = clock.instant();
            tombstones.raise(tenant, Tombstones.ofUser(pseudonym), now, kept, now.plus(remembered));
            String clause = "tenant = :tenant and pseudonym = :user";
            Parameters user = Parameters.with("tenant", tenant).and("user", pseudonym);
            return end(rows.locked(clause, user), kept, clause, user);
        });
    }

    @Override
    public Ended given(String tenant, String clientId, Secret token) {
        return ended(Limits.GIVEN_BACK, () -> {
            Optional<String> id = handles.sessionOf(token).or(() -> held.findByIdOptional(rotation.hash(tenant, token))
                    .map(known -> known.sessionId));
            List<SessionRow> found = id.isEmpty()
                    ? List.of()
                    : rows.locked(
                            "id = :id and tenant = :tenant and clientId = :client",
                            Parameters.with("id", id.get())
                                    .and("tenant", tenant)
                                    .and("client", clientId));
            if (!found.isEmpty()) {
                return end(found, Limits.GIVEN_BACK, "sessionId = :id", Parameters.with("id", id.get()));
            }
            List<String> names = outstanding.due(
                    "tenant = :tenant and clientId = :client and fingerprint = :fingerprint",
                    Parameters.with("tenant", tenant)
                            .and("client", clientId)
                            .and("fingerprint", Fingerprint.sha256(token.reveal())),
                    Limits.GIVEN_BACK);
            return new Ended(List.of(), names.size(), present(names), !names.isEmpty());
        });
    }

    @Override
    public Ended tokens(String tenant, Issued issued, String cause) {
        return ended(cause, () -> {
            List<String> clauses = new ArrayList<>(List.of("tenant = :tenant", "kind = :kind"));
            Parameters values = Parameters.with("tenant", tenant).and("kind", OutstandingTokens.Kind.ACCESS);
            issued.client().ifPresent(client -> {
                clauses.add("clientId = :client");
                values.and("client", client);
            });
            issued.server().ifPresent(server -> {
                clauses.add("server = :server");
                values.and("server", server);
            });
            issued.connection().ifPresent(connection -> {
                clauses.add("locate(:connection, connections) > 0");
                values.and("connection", "," + connection + ",");
            });
            List<String> names = outstanding.due(String.join(" and ", clauses), values, SqlSessions.kept(cause));
            return new Ended(List.of(), names.size(), present(names), true);
        });
    }

    @Override
    public Map<String, Over> over(Set<String> sessionIds) {
        return sql.call(() -> {
            Map<String, Over> over = new HashMap<>();
            for (SessionRow row : rows.list("id in ?1", sessionIds)) {
                if (row.status == Status.ENDED) {
                    over.put(
                            row.id,
                            new Over(
                                    Objects.requireNonNullElse(row.endedAt, clock.instant()),
                                    Objects.requireNonNullElse(row.endCause, "ended")));
                }
            }
            return over;
        });
    }

    @Override
    public boolean isSeen(String tenant, String id) {
        return sql.call(() -> seen.has(tenant, id));
    }

    @Override
    public void see(String tenant, String id, Duration remembered) {
        again(() -> {
            seen.add(tenant, id, remembered);
            return id;
        });
    }

    /**
     * Ends the rows, and puts their tokens and those that {@code further} finds into the queue.
     *
     * @param further outstanding tokens without a session, or of these sessions
     */
    private Ended end(List<SessionRow> found, String cause, String further, Parameters parameters) {
        List<String> ended = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (SessionRow row : found) {
            if (row.status != Status.ENDED) {
                outstanding.giveBack(row, cause);
                names.addAll(rows.endNow(row.id, cause));
                ended.add(row.id);
            }
        }
        names.addAll(outstanding.due(further, parameters, cause));
        return new Ended(ended, names.size(), present(names), !found.isEmpty());
    }

    private static List<String> present(List<@Nullable String> names) {
        return names.stream().filter(Objects::nonNull).toList();
    }

    private Ended ended(String cause, Callable<Ended> work) {
        Ended ended = again(work);
        ended.sessions().forEach(rotation::forget);
        if (!ended.sessions().isEmpty()) {
            LOG.infof("Sessions ended cause=%s tokens=%d sessions=%s", cause, ended.tokens(), ended.sessions());
        }
        return ended;
    }

    /** Two that remember the same thing for the first time: the second finds it there. */
    private <T> T again(Callable<T> work) {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                return sql.call(work);
            } catch (Raced raced) {
                LOG.debug("An end met another of the same logins");
            }
        }
        return sql.call(work);
    }

    /** Which rows are meant, in words that sessions and outstanding tokens share. */
    private record Where(String clause, Logins logins) {

        private static final String LOGIN = "idpSession = :login";

        static Where of(Logins logins) {
            List<String> clauses = new ArrayList<>(List.of("tenant = :tenant"));
            if (logins.user() != null) {
                clauses.add("pseudonym = :user");
            }
            if (logins.idpSession() != null) {
                clauses.add(LOGIN);
            }
            if (logins.email() != null) {
                clauses.add("emailHash = :email");
            }
            if (clauses.size() == 1) {
                throw new IllegalArgumentException("an end must say whose logins it means");
            }
            return new Where(String.join(" and ", clauses), logins);
        }

        /** For sessions: those too of the person whose login the IdP never named, for it may be this one. */
        String sessions() {
            return logins.user() == null && logins.email() == null
                    ? clause
                    : clause.replace(LOGIN, "(" + LOGIN + " or idpSession is null)");
        }

        Parameters parameters(String issuer) {
            Parameters parameters = Parameters.with("tenant", logins.tenant()).and("issuer", issuer);
            if (logins.user() != null) {
                parameters.and("user", logins.user());
            }
            if (logins.idpSession() != null) {
                parameters.and("login", logins.idpSession());
            }
            if (logins.email() != null) {
                parameters.and("email", logins.email());
            }
            return parameters;
        }
    }
}
