package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.state.CacheKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Exchanges under way: N callers of one cold key cause one exchange, and all of them get its outcome (RULES F4). */
@ApplicationScoped
class Flights {

    private final ConcurrentMap<CacheKey, CompletableFuture<Exchange.Flown>> underWay = new ConcurrentHashMap<>();
    private final Duration wait;

    Flights(BrokerConfig config) {
        this.wait = config.flightWait();
    }

    /**
     * Runs {@code exchange}, or waits for the caller who is running it already.
     *
     * @param exchange must look into the cache first: the flight that this caller just missed may have filled it
     * @param joined told when this caller waited
     * @throws Refusal the leader's, or Unavailable when the leader takes too long
     */
    Exchange.Flown fly(CacheKey key, Supplier<Exchange.Flown> exchange, Runnable joined) {
        CompletableFuture<Exchange.Flown> mine = new CompletableFuture<>();
        CompletableFuture<Exchange.Flown> leader = underWay.putIfAbsent(key, mine);
        if (leader != null) {
            joined.run();
            return await(leader);
        }
        return lead(key, mine, exchange);
    }

    private Exchange.Flown lead(
            CacheKey key, CompletableFuture<Exchange.Flown> mine, Supplier<Exchange.Flown> exchange) {
        try {
            Exchange.Flown flown = exchange.get();
            mine.complete(flown);
            return flown;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key, mine);
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
