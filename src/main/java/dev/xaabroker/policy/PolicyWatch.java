package dev.xaabroker.policy;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Has the policy's files looked at, again and again: one thread, no notifications (ADR 9). */
@ApplicationScoped
class PolicyWatch {

    private static final Logger LOG = Logger.getLogger(PolicyWatch.class);
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final FileManagedConnections connections;
    private final Duration every;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("policy-watch").unstarted(this::run);

    PolicyWatch(PolicyConfig config, FileManagedConnections connections) {
        this.every = config.watch();
        this.connections = connections;
    }

    void start(@Observes StartupEvent event) {
        if (every.compareTo(SHORTEST) < 0) {
            throw new IllegalStateException("xaa.policy.watch=" + every + " is too short: set at least " + SHORTEST);
        }
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(every);
                connections.look();
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException | Error broken) {
                // A watch that ended would keep the old policy for ever, unnoticed.
                LOG.errorf(broken, "the policy's files could not be looked at; trying again");
            }
        }
    }
}
