package dev.xaabroker.keys;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Has the key file looked at, again and again, as the policy's files are (ADR 9, ADR 13). */
@ApplicationScoped
public class KeyWatch {

    private static final Logger LOG = Logger.getLogger(KeyWatch.class);
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final KeyRing ring;
    private final SealedRecords records;
    private final Duration every;
    private final Thread thread = Thread.ofPlatform().daemon().name("key-watch").unstarted(this::run);

    KeyWatch(KeysConfig config, KeyRing ring, SealedRecords records) {
        this.every = config.watch();
        this.ring = ring;
        this.records = records;
    }

    /** Looks at once. */
    public void look() {
        ring.look(records);
    }

    void start(@Observes StartupEvent event) {
        if (every.compareTo(SHORTEST) < 0) {
            throw new IllegalStateException("xaa.keys.watch=" + every + " is too short: set at least " + SHORTEST);
        }
        if (ring.path().isPresent()) {
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(every);
                ring.lookAgain(records);
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException | Error broken) {
                // A watch that ended would miss every key that comes, unnoticed.
                LOG.errorf(broken, "the key file could not be looked at; trying again");
            }
        }
    }
}
