package dev.xaabroker.session;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.session.Rotation.HeldTokens;
import dev.xaabroker.session.SessionRow.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;

/** Decides in SQL who may prove a presented token: exactly one request, of the one client that holds it. */
@ApplicationScoped
class Claims {

    private static final int ID_BYTES = 16;

    private final Sql sql;
    private final SessionRows rows;
    private final HeldTokens held;
    private final SealedSession seals;
    private final Rotation rotation;
    private final KeyedHash hash;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Claims(
            Sql sql,
            SessionRows rows,
            HeldTokens held,
            SealedSession seals,
            Rotation rotation,
            KeyedHash hash,
            Clock clock) {
        this.sql = sql;
        this.rows = rows;
        this.held = held;
        this.seals = seals;
        this.rotation = rotation;
        this.hash = hash;
        this.clock = clock;
    }

    /** A token as one client presents it. */
    record Presentation(
            String tenant,
            Client client,
            String issuer,
            Secret token,
            Duration maxAge,
            Duration grace,
            String adoption) {}

    /** What became of a claim. */
    sealed interface Claim {

        /** It is ours to prove; {@code row} carries the lease. */
        record Ours(SessionRow row) implements Claim {}

        /** The session is there and live. */
        record Live(SessionRow row) implements Claim {}

        /** Another request of this client is proving it. */
        record Busy() implements Claim {}

        /** Its maker sent it and never stored an answer: it ended just now. */
        record Lost() implements Claim {}
    }

    Presentation presentation(
            String tenant, Client client, String issuer, Secret token, Duration maxAge, Duration grace) {
        return new Presentation(
                tenant, client, issuer, token, maxAge, grace, hash.of("adopt", tenant, client.id(), token.reveal()));
    }

    /**
     * Claims a presented token.
     *
     * @throws Refusal Denied(SESSION_ENDED) for a token of a session that is over, Denied(SESSION_UNKNOWN) for one held for
     *     another client, Unavailable while another client's claim on it is open
     */
    Claim claim(Presentation presented) {
        try {
            return sql.call(() -> decide(presented));
        } catch (Raced raced) {
            return new Claim.Busy();
        }
    }

    /** The IdP does not know the token: it stays dead for this client, and was never held for anyone else. */
    void bury(SessionRow row) {
        sql.call(() -> {
            held.delete("sessionId", row.id);
            return rows.endUnmoved(row, "invalid_grant");
        });
    }

    /** No answer came, and the token may be spent: who presents it next learns what {@link Doubt} says. */
    void keepInDoubt(SessionRow row) {
        sql.call(() -> {
            rows.release(row, true);
            return row;
        });
    }

    /** Nothing was sent: the claim is as it was before. */
    void takeBack(SessionRow row) {
        if (row.sentBefore == null) {
            giveUp(row);
            return;
        }
        sql.call(() -> {
            rows.takeBack(row);
            return row;
        });
    }

    /**
     * Nothing was proven: the claim is given up, so that the client may try again at once. One whose token was rotated
     * before stays, for it alone leads from the token that the client has to the one that the IdP honours.
     */
    void giveUp(SessionRow row) {
        sql.call(() -> {
            if (row.rotates) {
                rows.release(row, false);
            } else {
                rows.delete("id = ?1 and version = ?2 and status = ?3", row.id, row.version, Status.PENDING);
            }
            return row;
        });
    }

    /** What is to be sent for a claim: what was presented, or what the IdP has given for it since. */
    Secret token(SessionRow row) {
        return seals.token(row);
    }

    private Claim decide(Presentation presented) {
        String key = rotation.hash(presented.tenant(), presented.token());
        HeldToken known = held.findById(key);
        SessionRow row = known == null ? rows.byAdoption(presented.adoption()) : rows.findById(known.sessionId);
        if (row == null) {
            return insert(presented, key);
        }
        boolean mine = row.clientId.equals(presented.client().id());
        return switch (row.status) {
            case PENDING -> mine ? pending(row, presented.grace()) : pendingOfAnother(row, presented, key);
            case LIVE, ENDED -> {
                if (!mine) {
                    throw notMine();
                }
                if (row.status == Status.ENDED) {
                    throw Proving.ended("a token of an ended session was presented again");
                }
                yield new Claim.Live(row);
            }
        };
    }

    /**
     * A claim whose maker died is taken over when its lease has run out, or when its proof waits here to be stored. The token
     * was sent then, and may be sent again only as {@link Doubt} says.
     */
    private Claim pending(SessionRow row, Duration grace) {
        if (rotation.unsaved(row).isPresent() || rotation.hasSuccessor(row)) {
            return new Claim.Ours(row);
        }
        Doubt doubt = row.isLeased(clock.instant()) ? Doubt.NONE : Doubt.about(row, grace, clock.instant());
        if (doubt == Doubt.LOST) {
            return rows.endUnmoved(row, Doubt.CAUSE) ? new Claim.Lost() : new Claim.Busy();
        }
        return rows.leaseToSend(row, doubt) ? new Claim.Ours(row) : new Claim.Busy();
    }

    /** A token that may be spent is not sent for anybody else either, and whose it is stays noted. */
    private Claim pendingOfAnother(SessionRow row, Presentation presented, String key) {
        if (row.rotates || row.isInDoubt(clock.instant())) {
            throw notMine();
        }
        if (row.isLeased(clock.instant()) || rows.delete("id = ?1 and version = ?2", row.id, row.version) == 0) {
            throw Sql.unavailable("another client is presenting the same token");
        }
        rows.getEntityManager().clear();
        return insert(presented, key);
    }

    private static Refusal notMine() {
        return Failure.Denied.of(Reason.SESSION_UNKNOWN, "This token is not this client's; log in again.")
                .refusal();
    }

    private Claim insert(Presentation presented, String key) {
        SessionRow row = new SessionRow();
        row.id = id();
        row.tenant = presented.tenant();
        row.clientId = presented.client().id();
        row.idp = presented.issuer();
        row.status = Status.PENDING;
        row.adoption = presented.adoption();
        row.sealedRefreshToken = seals.token(row.tenant, row.id, presented.token());
        row.createdAt = clock.instant();
        row.lastUsedAt = row.createdAt;
        row.expiresAt = row.createdAt.plus(presented.maxAge());
        row.leaseUntil = rows.leaseEnd();
        row.refreshSentAt = row.createdAt;
        rows.persist(row);
        held.persist(HeldToken.of(key, row.id));
        rows.flush();
        rows.getEntityManager().clear();
        return new Claim.Ours(row);
    }

    /** Hexadecimal: operators give it to commands, where a leading dash would read as an option. */
    private String id() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
