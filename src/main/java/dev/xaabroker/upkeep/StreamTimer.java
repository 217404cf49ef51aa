package dev.xaabroker.upkeep;

import dev.xaabroker.broker.Streams;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Has the streams of security events tended, each IdP's on a thread of its own, so that none waits for another. */
@ApplicationScoped
class StreamTimer {

    private static final Logger LOG = Logger.getLogger(StreamTimer.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

    private final UpkeepConfig config;
    private final Streams streams;
    private final StreamMetrics metrics;
    /** When each is due, by {@link System#nanoTime}; {@link Long#MAX_VALUE} while it is being tended. */
    private final Map<String, Long> due = new ConcurrentHashMap<>();

    private final Thread thread =
            Thread.ofPlatform().daemon().name("upkeep-streams").unstarted(this::run);

    StreamTimer(UpkeepConfig config, Streams streams, StreamMetrics metrics) {
        this.config = config;
        this.streams = streams;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (config.streams()) {
            thread.start();
        } else {
            LOG.warn("This replica looks after no stream of security events (xaa.upkeep.streams=false)");
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
        streams.leave();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(TICK);
                tick();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            List<IdentityProviderEntry> idps = streams.toTend();
            metrics.watch(idps);
            for (IdentityProviderEntry idp : idps) {
                long now = System.nanoTime();
                Long at = due.get(idp.name());
                if (at == null || (at != Long.MAX_VALUE && now - at >= 0)) {
                    due.put(idp.name(), Long.MAX_VALUE);
                    Thread.ofVirtual().name("stream-" + idp.name()).start(() -> tend(idp));
                }
            }
        } catch (Refusal noPolicy) {
            LOG.debugf("No streams to tend reason=%s", noPolicy.failure().reason());
        } catch (RuntimeException broken) {
            LOG.errorf(broken, "The streams could not be looked through; trying again");
        }
    }

    private void tend(IdentityProviderEntry idp) {
        Duration pause = AFTER_A_FAILURE;
        try {
            pause = streams.tend(idp);
        } catch (Refusal notNow) {
            LOG.debugf(
                    "A stream waits idp=%s reason=%s",
                    idp.name(), notNow.failure().reason());
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "Looking after a stream broke; trying again idp=%s", idp.name());
        } finally {
            due.put(idp.name(), System.nanoTime() + pause.toNanos());
        }
    }
}
