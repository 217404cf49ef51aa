package dev.xaabroker.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.state.CacheKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Denials by an IdP or a RAS, remembered for some seconds so that a client which insists does not turn into load on them
 * (RULES B10, F8). Errors of transport, 5xx and 429 are never remembered.
 */
@ApplicationScoped
class RecentDenials {

    private static final Duration MOST = Duration.ofSeconds(30);

    private final Cache<Key, Failure.PeerDenied> denials;

    RecentDenials(BrokerConfig config) {
        Duration memory = config.denialMemory().compareTo(MOST) > 0 ? MOST : config.denialMemory();
        this.denials = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(memory)
                .build();
    }

    private record Key(String policyRevision, CacheKey token) {}

    /** Throws the denial that this very request met a moment ago. */
    void throwIfKnown(String policyRevision, CacheKey key) {
        Failure.PeerDenied denial = denials.getIfPresent(new Key(policyRevision, key));
        if (denial != null) {
            throw denial.refusal();
        }
    }

    void remember(String policyRevision, CacheKey key, Failure.PeerDenied denial) {
        denials.put(new Key(policyRevision, key), denial);
    }
}
