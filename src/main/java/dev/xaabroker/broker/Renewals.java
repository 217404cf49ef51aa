package dev.xaabroker.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.xaabroker.exchange.Pace;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.CacheKey;
import dev.xaabroker.state.CachedToken;
import dev.xaabroker.state.IssuedTokens;
import dev.xaabroker.state.Lifetime;
import dev.xaabroker.state.State;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Replaces tokens that are in use shortly before they end, so that their users never wait for an exchange. A connect that
 * finds a token in its last part causes the exchange that the next one would have to wait for: in the background, under the
 * policy, session and epoch that this connect was just judged by, in the same flights. What comes of it is another entry of the
 * cache, which every connect judges anew; when nothing comes of it, nobody notices.
 *
 * <p>It is a courtesy: none for a login without a session, none while an IdP is busy or in doubt, none for an unused token.
 */
@ApplicationScoped
class Renewals {

    private static final Logger LOG = Logger.getLogger(Renewals.class);

    /** A renewal that failed is not tried again at every use. */
    private static final Duration ONCE_IN = Duration.ofSeconds(10);

    /** How long a stop waits for those under way. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** Each token begins its last part when between this share of it and the whole is left. */
    private static final double LATEST = 0.4;

    private final Flights flights;
    private final IssuedTokens tokens;
    private final OutstandingTokens outstanding;
    private final Ledger ledger;
    private final Pace pace;
    private final MassLogoutBreaker breaker;
    private final MeterRegistry meters;
    private final Clock clock;
    private final double lastPart;
    private final int atOnce;
    private final Semaphore places;
    private volatile boolean stopped;
    private final Cache<String, Boolean> tried =
            Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(ONCE_IN).build();

    Renewals(
            Flights flights,
            IssuedTokens tokens,
            OutstandingTokens outstanding,
            Ledger ledger,
            Pace pace,
            MassLogoutBreaker breaker,
            MeterRegistry meters,
            BrokerConfig config,
            Clock clock) {
        this.flights = flights;
        this.tokens = tokens;
        this.outstanding = outstanding;
        this.ledger = ledger;
        this.pace = pace;
        this.breaker = breaker;
        this.meters = meters;
        this.clock = clock;
        this.lastPart = config.renewLastPercent() / 100.0;
        this.atOnce = Math.max(1, config.renewAtOnce());
        this.places = new Semaphore(atOnce);
    }

    /** Lets renewals that are under way come to their end: a refresh that is cut off may cost a session. */
    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        try {
            if (!places.tryAcquire(atOnce, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Renewals were still under way at the end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A token that a connect found in the cache.
     *
     * @param journey what that connect had passed until then
     * @param stillOn refuses when what it was allowed by is over
     */
    record Found(
            Policy policy,
            IdentityProviderEntry idp,
            Login login,
            CacheKey key,
            CachedToken token,
            Journey journey,
            Runnable stillOn) {}

    /** Both legs, and the cache after them. */
    @FunctionalInterface
    interface Fetch {
        Exchange.Flown under(State.Lease lease, Journey renewal) throws Flights.LeaseLost;
    }

    /**
     * Renews the token in the background when it is time to and nothing stands against it.
     *
     * @return whether it does
     */
    boolean used(Found found, Fetch fetch) {
        if (stopped
                || !(found.login() instanceof Login.InSession)
                || !isDue(found.token(), clock.instant())
                || pace.isTight(found.idp().peer())
                || !breaker.isCalm(found.idp().name())
                || !places.tryAcquire()) {
            return false;
        }
        if (tried.asMap().putIfAbsent(fingerprint(found.token()), true) != null) {
            places.release();
            return false;
        }
        Thread.ofVirtual().name("renewal").start(() -> {
            try {
                renew(found, fetch);
            } finally {
                places.release();
            }
        });
        return true;
    }

    /**
     * Whether the last part of its served life has begun for this token. Where in it is drawn from the token itself: alike on
     * every replica, and anew for every token of a key.
     */
    boolean isDue(CachedToken token, Instant now) {
        Instant served = token.end().minus(Lifetime.MARGIN);
        Duration life = Duration.between(token.token().issued(), served);
        double part = Duration.between(now, served).toNanos() / (double) Math.max(1, life.toNanos());
        if (part > lastPart) {
            return false;
        }
        double drawn = Integer.parseInt(fingerprint(token).substring(0, 6), 16) / (double) 0x1000000;
        return part <= lastPart * (LATEST + (1 - LATEST) * drawn);
    }

    private void renew(Found found, Fetch fetch) {
        Journey journey = found.journey().renewal(clock.instant());
        String outcome = "failed";
        try {
            outcome = fly(found, fetch, journey);
        } catch (Refusal refused) {
            LOG.debugf(
                    "A renewal came to nothing client=%s reason=%s",
                    found.key().clientId(), refused.failure().reason());
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "A renewal broke client=%s", found.key().clientId());
        } finally {
            meters.counter("xaa.broker.renewals", "outcome", outcome).increment();
        }
    }

    private String fly(Found found, Fetch fetch, Journey journey) {
        AtomicBoolean joined = new AtomicBoolean();
        Exchange.Flown flown =
                flights.fly(found.key(), false, new Renewal(found, fetch, journey), () -> joined.set(true));
        if (joined.get() || flown.legs().isEmpty()) {
            return "joined";
        }
        journey.exchanged(flown.legs().get());
        String fingerprint = fingerprint(flown.token());
        try {
            found.stillOn().run();
        } catch (Refusal ended) {
            outstanding.revoke(
                    found.policy().tenant(),
                    fingerprint,
                    "withheld: " + ended.failure().reason());
            tokens.remove(found.key());
            ledger.append(journey.withheld(clock.instant(), fingerprint, ended.failure()));
            return "withheld";
        }
        ledger.append(journey.renewed(clock.instant(), flown.token().token().scopes(), fingerprint));
        return "renewed";
    }

    private static String fingerprint(CachedToken token) {
        return Fingerprint.sha256(token.token().value().reveal());
    }

    /** A flight that is content with whatever another replica put in the place of the token that is to be replaced. */
    private final class Renewal implements Flights.Flight {

        private final Found found;
        private final Fetch fetch;
        private final Journey journey;

        Renewal(Found found, Fetch fetch, Journey journey) {
            this.found = found;
            this.fetch = fetch;
            this.journey = journey;
        }

        @Override
        public Optional<Exchange.Flown> look() {
            return tokens.find(found.key(), clock.instant())
                    .filter(other -> other.epoch() == found.login().epoch())
                    .filter(other -> other.end().isAfter(found.token().end()))
                    .map(other -> new Exchange.Flown(other, Optional.empty()));
        }

        @Override
        public Exchange.Flown exchange(State.Lease lease) throws Flights.LeaseLost {
            return fetch.under(lease, journey);
        }
    }
}
