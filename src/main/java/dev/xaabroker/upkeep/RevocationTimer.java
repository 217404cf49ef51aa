package dev.xaabroker.upkeep;

import dev.xaabroker.broker.Revocations;
import dev.xaabroker.broker.Withdrawals;
import dev.xaabroker.grant.Refusal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Has what the file takes out of force put into the queue of revocations, and the queue worked off: at once when this process
 * put something into it, and every so often anyway.
 */
@ApplicationScoped
class RevocationTimer {

    private static final Logger LOG = Logger.getLogger(RevocationTimer.class);

    private final UpkeepConfig config;
    private final Revocations revocations;
    private final Withdrawals withdrawals;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("upkeep-revocations").unstarted(this::run);

    RevocationTimer(UpkeepConfig config, Revocations revocations, Withdrawals withdrawals) {
        this.config = config;
        this.revocations = revocations;
        this.withdrawals = withdrawals;
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
                tried(withdrawals::look);
                tried(this::workOff);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void workOff() {
        int tried;
        do {
            tried = revocations.attempt(config.revokeAtOnce());
        } while (tried == config.revokeAtOnce());
    }

    private static void tried(Runnable work) {
        try {
            work.run();
        } catch (Refusal notNow) {
            LOG.debugf("No revocations this time reason=%s", notNow.failure().reason());
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "The queue of revocations broke; trying again");
        }
    }
}
