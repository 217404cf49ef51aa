package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.state.CacheKey;
import dev.xaabroker.state.IssuedTokens;
import dev.xaabroker.state.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Exchanges under way: N callers of one cold key, on any replica, cause one exchange (RULES F4). Callers of one process wait
 * for its first; the first ones of several processes compete for a lease, and whoever does not get it waits for it to be
 * given back and finds the token in the cache.
 */
@ApplicationScoped
class Flights {

    private static final Logger LOG = Logger.getLogger(Flights.class);

    private final ConcurrentMap<CacheKey, CompletableFuture<Exchange.Flown>> underWay = new ConcurrentHashMap<>();
    private final IssuedTokens tokens;
    private final Duration wait;
    private final Duration life;

    Flights(IssuedTokens tokens, BrokerConfig config) {
        this.tokens = tokens;
        this.wait = config.flightWait();
        this.life = config.flightLease();
    }

    /** What a flight does, once it is its turn. */
    interface Flight {

        /** The token that another flight left in the cache meanwhile. */
        Optional<Exchange.Flown> look();

        /**
         * Exchanges and stores under {@code lease}.
         *
         * @throws LeaseLost when it could not be stored any more
         */
        Exchange.Flown exchange(State.Lease lease) throws LeaseLost;
    }

    /** This flight was away for longer than its lease: another may be on its way, and this one's token is withheld. */
    static final class LeaseLost extends Exception {

        private static final long serialVersionUID = 1L;

        LeaseLost() {
            super("the flight lost its lease", null, false, false);
        }
    }

    /**
     * Makes the flight, or waits for the caller who is making it already.
     *
     * @param fresh whether a token that stands in the cache now is not good enough
     * @param joined told when this caller waited for another of this process
     * @throws Refusal the leader's, or Unavailable when it takes too long
     */
    Exchange.Flown fly(CacheKey key, boolean fresh, Flight flight, Runnable joined) {
        CompletableFuture<Exchange.Flown> mine = new CompletableFuture<>();
        CompletableFuture<Exchange.Flown> leader = underWay.putIfAbsent(key, mine);
        if (leader != null) {
            joined.run();
            return await(leader);
        }
        try {
            Exchange.Flown flown = lead(key, fresh, flight);
            mine.complete(flown);
            return flown;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key, mine);
        }
    }

    private Exchange.Flown lead(CacheKey key, boolean fresh, Flight flight) {
        long deadline = System.nanoTime() + wait.toNanos();
        boolean look = !fresh;
        while (true) {
            Optional<State.Lease> lease = tokens.lease(key, life);
            if (lease.isPresent()) {
                try (Heartbeat beating = new Heartbeat(lease.get())) {
                    Optional<Exchange.Flown> found = look ? flight.look() : Optional.empty();
                    return found.isPresent() ? found.get() : flight.exchange(beating.lease());
                } catch (LeaseLost lost) {
                    LOG.warnf("a flight lost its lease, and its token is withheld client=%s", key.clientId());
                }
            } else {
                tokens.awaitRelease(key, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
            look = true;
            if (System.nanoTime() > deadline) {
                throw unavailable("waited " + wait.toSeconds() + " s for another replica's exchange");
            }
        }
    }

    /** Keeps a lease alive for as long as its process is, and gives it back. */
    private final class Heartbeat implements AutoCloseable {

        private final State.Lease lease;
        private final Thread beat;

        Heartbeat(State.Lease lease) {
            this.lease = lease;
            this.beat = Thread.ofVirtual().name("flight-lease").start(this::beat);
        }

        State.Lease lease() {
            return lease;
        }

        private void beat() {
            try {
                do {
                    Thread.sleep(life.dividedBy(3));
                } while (tokens.extend(lease, life));
            } catch (InterruptedException landed) {
                Thread.currentThread().interrupt();
            } catch (Refusal down) {
                LOG.debug("a lease could not be extended: the store does not answer");
            }
        }

        @Override
        public void close() {
            beat.interrupt();
            try {
                tokens.release(lease);
            } catch (Refusal down) {
                LOG.debug("a lease could not be given back, it ends by itself: the store does not answer");
            }
        }
    }

    private Exchange.Flown await(CompletableFuture<Exchange.Flown> leader) {
        try {
            return leader.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw new IllegalStateException("the exchange that this request waited for broke", e.getCause());
        } catch (TimeoutException e) {
            throw unavailable("waited " + wait.toSeconds() + " s for another request's exchange");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while waiting for another request's exchange");
        }
    }

    private static Refusal unavailable(String detail) {
        return new Failure.Unavailable("broker", Duration.ofSeconds(1), detail).refusal();
    }
}
