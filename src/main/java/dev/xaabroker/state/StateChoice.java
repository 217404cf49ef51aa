package dev.xaabroker.state;

import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Takes Redis when one is configured, and the process's own memory otherwise. */
final class StateChoice {

    private static final Logger LOG = Logger.getLogger(StateChoice.class);

    @Produces
    @Singleton
    State state(
            StateConfig config,
            Instance<Redis> redis,
            Clock clock,
            @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<String>> hosts) {
        if (hosts.isPresent()) {
            return new RedisState(redis.get(), config.timeout(), config.concurrent(), clock);
        }
        LOG.warn(
                "No Redis is configured (quarkus.redis.hosts): tokens and replay marks live in this process, run one node only");
        return new InProcessState(config.inProcessEntries(), Ticker.systemTicker(), clock.instant());
    }

    /** Looks at Redis before the first request does. */
    void start(@Observes StartupEvent event, State state) {
        if (state instanceof RedisState redis) {
            redis.start();
        }
    }
}
