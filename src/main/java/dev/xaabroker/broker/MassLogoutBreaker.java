package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Doubts an IdP that suddenly calls many sessions dead: a misconfiguration there must not log out the company (RULES B10).
 * While it is open, refreshes at that IdP answer 503 without a call, and nothing is ended or deleted.
 */
@ApplicationScoped
class MassLogoutBreaker {

    private static final Logger LOG = Logger.getLogger(MassLogoutBreaker.class);
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<String, LastMinute> records = new ConcurrentHashMap<>();
    private final Clock clock;
    private final int threshold;
    private final Duration pause;

    MassLogoutBreaker(BrokerConfig config, Clock clock) {
        this.clock = clock;
        this.threshold = config.massLogoutThreshold();
        this.pause = config.massLogoutPause();
    }

    /**
     * Runs the refresh that proves a token which is only now presented for adoption. Its outcome is not counted: the token
     * was no session yet, and a client that makes tokens up must not be able to open the breaker for everybody.
     *
     * @throws Refusal Unavailable while the breaker is open
     */
    <T> T adopting(String identityProvider, Supplier<T> refresh) {
        LastMinute record = records.computeIfAbsent(identityProvider, name -> new LastMinute());
        if (record.isOpen(clock.instant())) {
            throw new Failure.NotSent(
                            doubt(identityProvider, "refreshes are paused").failure())
                    .refusal();
        }
        return refresh.get();
    }

    /**
     * Runs one refresh of a session at {@code identityProvider}.
     *
     * @throws Refusal Unavailable while the breaker is open, in place of SessionDead too
     */
    <T> T guard(String identityProvider, Supplier<T> refresh) {
        LastMinute record = records.computeIfAbsent(identityProvider, name -> new LastMinute());
        if (record.isOpen(clock.instant())) {
            throw new Failure.NotSent(
                            doubt(identityProvider, "refreshes are paused").failure())
                    .refusal();
        }
        try {
            T answer = refresh.get();
            record.alive(clock.instant());
            return answer;
        } catch (Refusal refusal) {
            if (refusal.failure() instanceof Failure.SessionDead
                    && record.deadOpens(clock.instant(), threshold, pause)) {
                LOG.errorf(
                        "ALERT: mass logout at one IdP, nothing is ended until it is looked into idp=%s pause_s=%d",
                        identityProvider, pause.toSeconds());
                throw doubt(identityProvider, "it called too many sessions dead within a minute");
            }
            throw refusal;
        }
    }

    /** Whether nothing speaks for a mass logout there: it is not open, nor on its way to be. */
    boolean isCalm(String identityProvider) {
        LastMinute record = records.get(identityProvider);
        return record == null || record.isCalm(clock.instant(), threshold);
    }

    private Refusal doubt(String identityProvider, String why) {
        return new Failure.Unavailable("idp", pause, "breaker of " + identityProvider + ": " + why).refusal();
    }

    /** The last minute at one IdP. */
    private static final class LastMinute {

        private final Deque<Instant> dead = new ArrayDeque<>();
        private final Deque<Instant> alive = new ArrayDeque<>();
        private @Nullable Instant openUntil;

        synchronized boolean isOpen(Instant now) {
            return openUntil != null && now.isBefore(openUntil);
        }

        synchronized boolean isCalm(Instant now, int threshold) {
            forget(now);
            return !isOpen(now) && dead.size() <= threshold / 2;
        }

        synchronized void alive(Instant now) {
            alive.addLast(now);
            forget(now);
        }

        /** Notes a dead session; true when there are too many, and more than living ones. */
        synchronized boolean deadOpens(Instant now, int threshold, Duration pause) {
            dead.addLast(now);
            forget(now);
            if (dead.size() <= threshold || dead.size() <= alive.size()) {
                return false;
            }
            openUntil = now.plus(pause);
            return true;
        }

        private void forget(Instant now) {
            Instant horizon = now.minus(WINDOW);
            dead.removeIf(at -> at.isBefore(horizon));
            while (!alive.isEmpty() && (alive.peekFirst().isBefore(horizon) || alive.size() > 10_000)) {
                alive.removeFirst();
            }
        }
    }
}
