package dev.xaabroker.session;

import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.session.SessionRow.Status;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Keeps what a refresh brought: in SQL before anything else happens with it (RULES B7), then in memory for the requests
 * that waited. When SQL does not answer at that moment the only copy of a rotated token stays here, and whoever comes next
 * stores it first, instead of sending the spent one.
 */
@ApplicationScoped
class Rotation {

    private static final Logger LOG = Logger.getLogger(Rotation.class);
    private static final int UNSAVED_AT_MOST = 10_000;

    private final Sql sql;
    private final SessionRows rows;
    private final HeldTokens held;
    private final KeyedHash hash;
    private final SqlOutstandingTokens outstanding;
    private final RecentProofs recent;
    private final ConcurrentHashMap<String, Unsaved> unsaved = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Successor> successors = new ConcurrentHashMap<>();

    Rotation(
            Sql sql,
            SessionRows rows,
            HeldTokens held,
            SqlOutstandingTokens outstanding,
            KeyedHash hash,
            SessionsConfig config,
            Clock clock) {
        this.sql = sql;
        this.outstanding = outstanding;
        this.rows = rows;
        this.held = held;
        this.hash = hash;
        this.recent = new RecentProofs(config.proofsFor(), clock);
    }

    /** The keyed hash of a refresh token, whichever client holds it. */
    String hash(String tenant, Secret token) {
        return hash.of("presented", tenant, token.reveal());
    }

    /**
     * Stores {@code proof} under the lease that {@code row} carries.
     *
     * @return false when the session is over or the lease was lost
     * @throws dev.xaabroker.grant.Refusal Unavailable "store"; the proof is then not lost
     */
    boolean store(SessionRow row, Proof proof) {
        if (unsaved.size() < UNSAVED_AT_MOST) {
            unsaved.put(row.id, new Unsaved(row.version, proof));
        }
        boolean stored;
        try {
            stored = sql.call(() -> rows.prove(row, Proven.of(proof)) && hold(row, proof));
        } catch (Raced raced) {
            throw Sql.unavailable("the rotated token was stored twice at once");
        }
        unsaved.remove(row.id);
        if (stored) {
            recent.put(row.id, proof);
        } else if (proof.rotatedRefreshToken() != null) {
            giveBack(row, proof.rotatedRefreshToken());
        }
        return stored;
    }

    /** Ends the session behind {@code row} for what a proof says, and has the token revoked that is good at the IdP now. */
    void end(SessionRow row, Proof proof, String cause) {
        Secret rotated = proof.rotatedRefreshToken();
        sql.call(() -> {
            boolean ended = rows.end(row.id, cause);
            if (rotated != null) {
                outstanding.giveBack(row, rotated, cause);
            } else if (ended) {
                outstanding.giveBack(row, cause);
            }
            return row;
        });
        forget(row.id);
    }

    /** A token that came when the session was over already would live on at the IdP, known to nobody. */
    private void giveBack(SessionRow leased, Secret token) {
        sql.call(() -> {
            SessionRow now = rows.findById(leased.id);
            if (now != null && now.status == Status.ENDED && !Limits.QUIET.contains(now.endCause)) {
                outstanding.giveBack(now, token, Objects.requireNonNullElse(now.endCause, "ended"));
            }
            return leased;
        });
    }

    /**
     * Stores the refresh token of an answer that proved nothing, under the lease that {@code row} carries, and gives that
     * back. When SQL does not answer, it waits here for the next use, and the row says that its token may be spent.
     */
    void succeed(SessionRow row, Secret successor) {
        if (successors.size() < UNSAVED_AT_MOST) {
            successors.put(row.id, new Successor(row.version, successor));
        }
        try {
            sql.call(() -> rows.succeed(row, successor) && hold(row, successor));
            successors.remove(row.id);
        } catch (Refusal | Raced notStored) {
            LOG.warnf("A rotated refresh token could not be stored yet session=%s", row.id);
        }
    }

    /**
     * Stores a token that {@link #succeed} could not store when it came, if there is one for the lease that stands in
     * {@code row}: the row is to be read again then.
     *
     * @throws Refusal Unavailable "store" when it still cannot be stored
     */
    boolean succeedLate(SessionRow row) {
        Successor kept = successors.get(row.id);
        if (kept == null || kept.version != row.version) {
            return false;
        }
        succeed(row, kept.token);
        if (successors.containsKey(row.id)) {
            throw Sql.unavailable("the rotated token of session " + row.id + " cannot be stored");
        }
        return true;
    }

    /** Whether a token waits here to be stored under the lease that stands in {@code row}. */
    boolean hasSuccessor(SessionRow row) {
        Successor kept = successors.get(row.id);
        return kept != null && kept.version == row.version;
    }

    private boolean hold(SessionRow row, Proof proof) {
        Secret rotated = proof.rotatedRefreshToken();
        return rotated == null || hold(row, rotated);
    }

    private boolean hold(SessionRow row, Secret rotated) {
        String key = hash(row.tenant, rotated);
        HeldToken known = held.findById(key);
        if (known == null) {
            held.persist(HeldToken.of(key, row.id));
        } else if (!known.sessionId.equals(row.id)) {
            LOG.warnf("The IdP gave two sessions the same refresh token session=%s other=%s", row.id, known.sessionId);
        }
        return true;
    }

    /** A proof that was obtained under the lease that stands in {@code row}, and is not stored yet. */
    Optional<Proof> unsaved(SessionRow row) {
        return Optional.ofNullable(unsaved.get(row.id))
                .filter(kept -> kept.version == row.version)
                .map(Unsaved::proof);
    }

    /** A stored proof obtained at or after {@code since}, if it is still at hand. */
    Optional<Proof> atHand(String sessionId, Instant since) {
        return recent.since(sessionId, since);
    }

    void forget(String sessionId) {
        recent.remove(sessionId);
        unsaved.remove(sessionId);
        successors.remove(sessionId);
    }

    private record Unsaved(long version, Proof proof) {}

    private record Successor(long version, Secret token) {}

    /** The hashes of the tokens. */
    @ApplicationScoped
    static class HeldTokens implements PanacheRepositoryBase<HeldToken, String> {}
}
