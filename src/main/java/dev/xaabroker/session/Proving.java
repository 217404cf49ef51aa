package dev.xaabroker.session;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SessionRow.Status;
import dev.xaabroker.session.SessionStore.Proved;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Refreshes sessions, one request at a time per session: by a lock in this process, by a lease in SQL across processes. */
@ApplicationScoped
class Proving {

    private static final Logger LOG = Logger.getLogger(Proving.class);
    private static final Duration POLL = Duration.ofMillis(50);
    /** A column keeps less of a time than we do. */
    private static final Duration PRECISION = Duration.ofMillis(1);

    private final Sql sql;
    private final SessionRows rows;
    private final SealedSession seals;
    private final Rotation rotation;
    private final Heartbeats heartbeats;
    private final SessionsConfig config;
    private final Clock clock;
    private final KeyedLocks locks = new KeyedLocks();

    Proving(
            Sql sql,
            SessionRows rows,
            SealedSession seals,
            Rotation rotation,
            Heartbeats heartbeats,
            SessionsConfig config,
            Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.seals = seals;
        this.rotation = rotation;
        this.heartbeats = heartbeats;
        this.config = config;
        this.clock = clock;
    }

    /** {@link SessionStore#prove} and, with {@code afresh}, {@link SessionStore#proveAfresh}. */
    Proved prove(Session session, Instant since, boolean afresh, RefreshGrant refresh) {
        return locks.with(session.id(), config.patience(), () -> proveAlone(session.id(), since, afresh, refresh));
    }

    /** {@link SessionStore#withRefreshToken}. */
    <T> T withRefreshToken(Session session, Function<Secret, T> use) {
        return locks.with(session.id(), config.patience(), () -> {
            SessionRow row = leased(session.id());
            try {
                return heartbeats.during(row, () -> use.apply(seals.token(row)));
            } finally {
                release(row, false);
            }
        });
    }

    /** The session under our lease: another process that refreshed it meanwhile would spend the token that is lent. */
    private SessionRow leased(String id) {
        long deadline = System.nanoTime() + config.patience().toNanos();
        while (true) {
            SessionRow row = live(id);
            if (storedLate(row)) {
                continue;
            }
            if (row.isInDoubt(clock.instant())) {
                throw Sql.unavailable("the token of session " + id + " may be spent and is not lent");
            }
            if (sql.call(() -> rows.lease(row))) {
                return row;
            }
            if (System.nanoTime() > deadline) {
                throw Sql.unavailable("another process held session " + id);
            }
            pause();
        }
    }

    private Proved proveAlone(String id, Instant since, boolean afresh, RefreshGrant refresh) {
        long deadline = System.nanoTime() + config.patience().toNanos();
        while (true) {
            SessionRow row = live(id);
            if (storedLate(row)) {
                continue;
            }
            Optional<Proof> atHand = row.isInDoubt(clock.instant())
                    ? Optional.empty()
                    : atHand(row, since).or(() -> ofAnotherReplica(row, since));
            if (atHand.isPresent() || (!afresh && isProven(row, since))) {
                return new Proved(seals.session(row), atHand);
            }
            Doubt doubt =
                    row.isLeased(clock.instant()) ? Doubt.NONE : Doubt.about(row, refresh.grace(), clock.instant());
            if (doubt == Doubt.LOST) {
                throw lost(row);
            }
            if (sql.call(() -> rows.leaseToSend(row, doubt))) {
                Optional<Proof> proof = refreshed(row, refresh);
                if (proof.isPresent()) {
                    return new Proved(seals.session(live(id)), proof);
                }
            }
            // Another process is at it, or took over: see what it stored.
            if (System.nanoTime() > deadline) {
                throw Sql.unavailable("another process held session " + id);
            }
            pause();
        }
    }

    /** Stores what came and could not be stored at that moment; the row is to be read again then. */
    private boolean storedLate(SessionRow row) {
        Optional<Proof> unsaved = rotation.unsaved(row);
        if (unsaved.isPresent()) {
            rotation.store(row, unsaved.get());
            return true;
        }
        return rotation.succeedLate(row);
    }

    /** What a refresh of this process brought, unless the session has been put in doubt since: its row would know of it. */
    private Optional<Proof> atHand(SessionRow row, Instant since) {
        Instant known = row.provenAt;
        return rotation.atHand(row.id, since)
                .filter(proof -> known != null && !proof.at().isAfter(known.plus(PRECISION)));
    }

    /** What another replica's refresh brought, while it is young enough to be shared. */
    private Optional<Proof> ofAnotherReplica(SessionRow row, Instant since) {
        boolean young = isProven(row, since) && isProven(row, clock.instant().minus(config.proofsFor()));
        return young ? seals.proof(row) : Optional.empty();
    }

    private boolean isProven(SessionRow row, Instant since) {
        return row.provenAt != null
                && !row.isInDoubt(clock.instant())
                && Session.isProven(row.provenAt, since, clock.instant());
    }

    /** One refresh under the lease; empty when the lease was lost on the way. */
    private Optional<Proof> refreshed(SessionRow row, RefreshGrant refresh) {
        Proof proof;
        try {
            proof = heartbeats.during(
                    row,
                    () -> refresh.refresh(seals.token(row), seals.session(row).identity()));
        } catch (Refusal refusal) {
            if (refusal.failure() instanceof Failure.SessionDead dead) {
                return dead(row, dead);
            }
            if (refusal.failure() instanceof Failure.AnswerLost lost) {
                lost.successor().ifPresentOrElse(token -> rotation.succeed(row, token), () -> release(row, true));
                throw lost.otherwise().refusal();
            }
            if (refusal.failure() instanceof Failure.NotSent unsent) {
                settle(row, () -> rows.takeBack(row));
                throw unsent.otherwise().refusal();
            }
            release(row, false);
            throw refusal;
        } catch (RuntimeException failure) {
            release(row, true);
            throw failure;
        }
        if (!proof.identity().user().pseudonym().equals(row.pseudonym)) {
            LOG.warnf(
                    "ALERT: a refresh answered with another user; the session is ended session=%s client=%s",
                    row.id, row.clientId);
            rotation.end(row, proof, "user-changed");
            throw ended("a refresh answered with another user");
        }
        return rotation.store(row, proof) ? Optional.of(proof) : Optional.empty();
    }

    /** The IdP's word counts only for the token that was sent: one that another process has rotated since is not dead. */
    private Optional<Proof> dead(SessionRow row, Failure.SessionDead dead) {
        if (!sql.call(() -> rows.endUnmoved(row, "invalid_grant"))) {
            return Optional.empty();
        }
        rotation.forget(row.id);
        LOG.infof("The IdP ended a session session=%s client=%s", row.id, row.clientId);
        throw ended(dead.detail());
    }

    /** The token of a crashed or unanswered refresh is not sent again: the session ends without a call. */
    private Refusal lost(SessionRow row) {
        if (sql.call(() -> rows.endUnmoved(row, Doubt.CAUSE))) {
            rotation.forget(row.id);
            LOG.warnf(
                    "A session ends: its refresh token may be spent and the IdP declares no grace session=%s client=%s",
                    row.id, row.clientId);
        }
        return ended(Doubt.CAUSE + ": the refresh token may be spent, and must not be sent again");
    }

    private void release(SessionRow row, boolean spent) {
        settle(row, () -> rows.release(row, spent));
    }

    private void settle(SessionRow row, Runnable statement) {
        try {
            sql.call(() -> {
                statement.run();
                return row;
            });
        } catch (Refusal down) {
            LOG.debugf("The lease runs out by itself session=%s", row.id);
        }
    }

    private SessionRow live(String id) {
        SessionRow row = sql.call(() -> rows.findById(id));
        if (row == null || row.status == Status.ENDED) {
            throw ended("the session is over");
        }
        Optional<String> limit = rows.limitReached(row);
        if (limit.isPresent()) {
            sql.call(() -> rows.end(id, limit.get()));
            throw ended("the session is over: " + limit.get());
        }
        return row;
    }

    static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Sql.unavailable("interrupted while waiting for another process");
        }
    }

    static Refusal ended(String detail) {
        return new Failure.Denied(
                        Reason.SESSION_ENDED, "", "This session is over; log in again.", Optional.empty(), detail)
                .refusal();
    }
}
