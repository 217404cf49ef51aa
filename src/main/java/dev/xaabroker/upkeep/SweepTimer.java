package dev.xaabroker.upkeep;

import dev.xaabroker.broker.Sweeping;
import dev.xaabroker.grant.Refusal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Has dead sessions swept, again and again, on one thread; the replicas are out of step by chance. */
@ApplicationScoped
class SweepTimer {

    private static final Logger LOG = Logger.getLogger(SweepTimer.class);
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final UpkeepConfig config;
    private final Sweeping sweeping;
    private final SweepMetrics metrics;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("upkeep-sweep").unstarted(this::run);

    SweepTimer(UpkeepConfig config, Sweeping sweeping, SweepMetrics metrics) {
        this.config = config;
        this.sweeping = sweeping;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (config.every().isZero()) {
            LOG.warn("The sweep is off: dead sessions and expired tokens stay in the database (xaa.upkeep.every=0)");
            return;
        }
        if (config.every().compareTo(SHORTEST) < 0 || config.batch() < 1) {
            throw new IllegalStateException("xaa.upkeep.every=" + config.every() + ", xaa.upkeep.batch="
                    + config.batch() + ": set at least " + SHORTEST + " and 1");
        }
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(pause(config.every()));
                sweep();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration pause(Duration every) {
        return every.multipliedBy(ThreadLocalRandom.current().nextInt(90, 111)).dividedBy(100);
    }

    private void sweep() {
        long began = System.nanoTime();
        try {
            sweeping.sweep(config.batch()).ifPresent(swept -> {
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                metrics.swept(swept, took);
                if (swept.didSomething()) {
                    LOG.infof("Swept %s living=%d ms=%d", swept.done(), swept.living(), took.toMillis());
                }
            });
        } catch (Refusal notNow) {
            metrics.failed();
            LOG.debugf("No sweep this time reason=%s", notNow.failure().reason());
        } catch (RuntimeException | Error broken) {
            metrics.failed();
            LOG.errorf(broken, "The sweep broke; trying again");
        }
    }
}
