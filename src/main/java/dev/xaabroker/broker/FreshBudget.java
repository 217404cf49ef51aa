package dev.xaabroker.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** How often a session may ask for a fresh token in place of the cached one. */
@ApplicationScoped
class FreshBudget {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(WINDOW.multipliedBy(2))
            .build();
    private final int perMinute;

    FreshBudget(BrokerConfig config) {
        this.perMinute = config.freshPerMinute();
    }

    /** Takes one from the budget of {@code session}; false when it is spent. */
    boolean spend(String session) {
        return buckets.get(session, id -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(perMinute).refillIntervally(perMinute, WINDOW))
                        .build())
                .tryConsume(1);
    }
}
