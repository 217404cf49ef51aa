package dev.xaabroker.session;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.Claims.Claim;
import dev.xaabroker.session.Claims.Presentation;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Turns a presented refresh token into a session: stored first, then proven, then live.
 *
 * <p>Within the process, all requests that present one token wait for the first and share its outcome. Across processes,
 * the first to insert proves it, and the others wait for its row to become live.
 *
 * <p>When the IdP refuses the token, the row stays as a tombstone for this client. When it answers that it cannot now, the
 * row goes and the next attempt sends the token again. When no answer came, or the maker of the row died, the token may be
 * spent: {@link Doubt} says whether it may be sent once more. A proof that came and could not be stored is another matter: it
 * is kept, and the next attempt stores it without a call.
 */
@ApplicationScoped
class Adoption {

    private static final Logger LOG = Logger.getLogger(Adoption.class);

    private final Claims claims;
    private final Rotation rotation;
    private final Heartbeats heartbeats;
    private final SessionsConfig config;
    private final ConcurrentHashMap<String, CompletableFuture<Outcome>> flights = new ConcurrentHashMap<>();

    Adoption(Claims claims, Rotation rotation, Heartbeats heartbeats, SessionsConfig config) {
        this.claims = claims;
        this.rotation = rotation;
        this.heartbeats = heartbeats;
        this.config = config;
    }

    /** The session that the token reaches, and the proof when this flight obtained one. */
    record Outcome(String sessionId, Optional<Proof> proof) {}

    Outcome adopt(String tenant, Client client, String issuer, Secret token, Duration maxAge, RefreshGrant refresh) {
        Presentation presented = claims.presentation(tenant, client, issuer, token, maxAge, refresh.grace());
        CompletableFuture<Outcome> ours = new CompletableFuture<>();
        CompletableFuture<Outcome> first = flights.putIfAbsent(presented.adoption(), ours);
        if (first != null) {
            return follow(first);
        }
        try {
            Outcome outcome = lead(presented, refresh);
            ours.complete(outcome);
            return outcome;
        } catch (RuntimeException failure) {
            ours.completeExceptionally(failure);
            throw failure;
        } finally {
            flights.remove(presented.adoption(), ours);
        }
    }

    private Outcome follow(CompletableFuture<Outcome> first) {
        try {
            return first.get(config.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw Sql.unavailable("the adoption that this request waited for failed");
        } catch (TimeoutException late) {
            throw Sql.unavailable("another request was adopting this token for too long");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Sql.unavailable("interrupted while waiting for an adoption");
        }
    }

    private Outcome lead(Presentation presented, RefreshGrant refresh) {
        long deadline = System.nanoTime() + config.patience().toNanos();
        while (true) {
            switch (claims.claim(presented)) {
                case Claim.Live live -> {
                    return new Outcome(live.row().id, Optional.empty());
                }
                case Claim.Ours ours
                when rotation.succeedLate(ours.row()) -> {
                    // Claim it again, with the token that was stored now.
                    continue;
                }
                case Claim.Ours ours -> {
                    Proof proof = proof(ours.row(), refresh);
                    if (rotation.store(ours.row(), proof)) {
                        return new Outcome(ours.row().id, Optional.of(proof));
                    }
                }
                case Claim.Lost lost ->
                    throw Proving.ended(Doubt.CAUSE + ": the token may be spent, and must not be sent again");
                case Claim.Busy busy -> {
                    // The maker of the row is at it: wait for what becomes of it.
                }
            }
            if (System.nanoTime() > deadline) {
                throw Sql.unavailable("another process was adopting this token for too long");
            }
            Proving.pause();
        }
    }

    private Proof proof(SessionRow row, RefreshGrant refresh) {
        Optional<Proof> unsaved = rotation.unsaved(row);
        if (unsaved.isPresent()) {
            return unsaved.get();
        }
        try {
            return heartbeats.during(row, () -> refresh.refresh(claims.token(row), null));
        } catch (Refusal refusal) {
            settle(row, refusal.failure());
            throw switch (refusal.failure()) {
                case Failure.AnswerLost lost -> lost.otherwise().refusal();
                case Failure.NotSent unsent -> unsent.otherwise().refusal();
                default -> refusal;
            };
        }
    }

    private void settle(SessionRow row, Failure why) {
        try {
            switch (why) {
                case Failure.SessionDead dead -> claims.bury(row);
                case Failure.NotSent unsent -> claims.takeBack(row);
                case Failure.AnswerLost lost ->
                    lost.successor()
                            .ifPresentOrElse(token -> rotation.succeed(row, token), () -> claims.keepInDoubt(row));
                default -> {
                    if (row.refreshResent) {
                        claims.keepInDoubt(row);
                    } else {
                        claims.giveUp(row);
                    }
                }
            }
        } catch (Refusal down) {
            LOG.warnf("An adoption could not be settled; it is taken over when its lease ends session=%s", row.id);
        }
    }
}
