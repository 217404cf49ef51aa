package dev.xaabroker.signals;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.xaabroker.broker.SignalsConfig;
import dev.xaabroker.grant.Failure;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** How many signals one source address may send (RULES K7), on this replica. Generous: they come in bursts. */
@ApplicationScoped
class SignalLimits {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_SOURCES = 100_000;

    private final Cache<String, Bucket> sources = Caffeine.newBuilder()
            .maximumSize(MOST_SOURCES)
            .expireAfterAccess(WINDOW.multipliedBy(2))
            .build();
    private final int perMinute;

    SignalLimits(SignalsConfig config) {
        this.perMinute = config.requestsPerSourcePerMinute();
    }

    /**
     * Counts a request, before anything else is looked at.
     *
     * @throws dev.xaabroker.grant.Refusal TooMany
     */
    void request(HttpServerRequest http) {
        String source =
                http.remoteAddress() == null ? "unknown" : http.remoteAddress().hostAddress();
        ConsumptionProbe probe = sources.get(source, first -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                        .build())
                .tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill()).plusSeconds(1);
            throw new Failure.TooMany(wait, "too many signals from this address").refusal();
        }
    }
}
