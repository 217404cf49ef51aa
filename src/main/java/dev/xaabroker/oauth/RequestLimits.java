package dev.xaabroker.oauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.keys.Fingerprint;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** How much one client and one source address may ask of the token endpoint (RULES K7), on this replica. */
@ApplicationScoped
class RequestLimits {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Cache<String, Bucket> sources = buckets();
    private final Cache<String, Bucket> clients = buckets();
    private final Cache<String, Bucket> failures = buckets();
    private final OAuthConfig config;

    RequestLimits(OAuthConfig config) {
        this.config = config;
    }

    /**
     * Counts a request of a source address, before anything else is looked at.
     *
     * @throws dev.xaabroker.grant.Refusal TooMany
     */
    void request(String source) {
        take(sources, source, config.requestsPerSourcePerMinute(), "requests from this address");
    }

    /**
     * Before a client is authenticated: whether it failed too often from this source. Whoever guesses at one client shuts out
     * nobody else behind the same address; and whether there is such a client makes no difference, or the answer would tell.
     *
     * @param clientId as presented; empty when none can be read
     * @throws dev.xaabroker.grant.Refusal TooMany
     */
    void authenticating(String source, String clientId) {
        Bucket failed = failures.getIfPresent(attempts(source, clientId));
        if (failed != null && failed.getAvailableTokens() == 0) {
            throw tooMany(WINDOW.toSeconds(), "failed client authentications from this address");
        }
    }

    /** Notes a failed client authentication. */
    void failed(String source, String clientId) {
        bucket(failures, attempts(source, clientId), config.failuresPerSourcePerMinute())
                .tryConsume(1);
    }

    private static String attempts(String source, String clientId) {
        // Whatever somebody makes up, of whatever length, takes no more room than this.
        return source + "\n" + Fingerprint.sha256(clientId);
    }

    /**
     * Counts a request of an authenticated client.
     *
     * @throws dev.xaabroker.grant.Refusal TooMany
     */
    void authenticated(String clientId) {
        take(clients, clientId, config.requestsPerClientPerMinute(), "requests of this client");
    }

    private static void take(Cache<String, Bucket> buckets, String key, int perMinute, String what) {
        ConsumptionProbe probe = bucket(buckets, key, perMinute).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1;
            throw tooMany(seconds, what);
        }
    }

    private static RuntimeException tooMany(long seconds, String what) {
        return new Failure.TooMany(Duration.ofSeconds(seconds), "too many " + what).refusal();
    }

    private static Bucket bucket(Cache<String, Bucket> buckets, String key, int perMinute) {
        return buckets.get(key, name -> Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                .build());
    }

    private static Cache<String, Bucket> buckets() {
        return Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterAccess(WINDOW.multipliedBy(2))
                .build();
    }
}
