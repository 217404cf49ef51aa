package dev.xaabroker.upkeep;

import dev.xaabroker.broker.Revocations;
import dev.xaabroker.grant.Refusal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Has the queue of revocations worked off: at once when this process put something into it, and every so often anyway. */
@ApplicationScoped
class RevocationTimer {

    private static final Logger LOG = Logger.getLogger(RevocationTimer.class);

    private final UpkeepConfig config;
    private final Revocations revocations;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("upkeep-revocations").unstarted(this::run);

    RevocationTimer(UpkeepConfig config, Revocations revocations) {
        this.config = config;
        this.revocations = revocations;
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                revocations.await(config.revokeEvery());
                workOff();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void workOff() {
        try {
            int tried;
            do {
                tried = revocations.attempt(config.revokeAtOnce());
            } while (tried == config.revokeAtOnce());
        } catch (Refusal notNow) {
            LOG.debugf("No revocations this time reason=%s", notNow.failure().reason());
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "The queue of revocations broke; trying again");
        }
    }
}
