package dev.xaabroker.upkeep;

import dev.xaabroker.broker.Prober;
import dev.xaabroker.grant.Refusal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Has what must be refused tried, again and again, by one replica each time: whichever comes first. */
@ApplicationScoped
class ProberTimer {

    private static final Logger LOG = Logger.getLogger(ProberTimer.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final UpkeepConfig config;
    private final Prober prober;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("upkeep-prober").unstarted(this::run);

    ProberTimer(UpkeepConfig config, Prober prober) {
        this.config = config;
        this.prober = prober;
    }

    void start(@Observes StartupEvent event) {
        Duration every = config.proberEvery();
        if (every.isZero()) {
            return;
        }
        if (every.compareTo(SHORTEST) < 0) {
            throw new IllegalStateException("xaa.upkeep.prober-every=" + every + ": set 0, or at least " + SHORTEST);
        }
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        Duration every = config.proberEvery();
        try {
            while (true) {
                Thread.sleep(percent(every, ThreadLocalRandom.current().nextInt(90, 111)));
                probe(percent(every, 80));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration percent(Duration whole, int percent) {
        return whole.multipliedBy(percent).dividedBy(100);
    }

    private void probe(Duration alone) {
        try {
            prober.round(alone).ifPresent(round -> LOG.debugf("Probed %s", round.outcomes()));
        } catch (Refusal notNow) {
            LOG.debugf("No probes this time reason=%s", notNow.failure().reason());
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "The prober broke; trying again");
        }
    }
}
