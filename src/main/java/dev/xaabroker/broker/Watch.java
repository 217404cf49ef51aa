package dev.xaabroker.broker;

import dev.xaabroker.grant.Refusal;
import dev.xaabroker.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** This replica's right to look after one stream, and how it fares with it. */
final class Watch {

    private static final Logger LOG = Logger.getLogger(Watch.class);
    private static final int TRIES = 3;

    private final State state;
    private final String name;
    private final Duration life;
    private State.@Nullable Lease lease;
    private int failures;
    private @Nullable Instant failingSince;
    private String cause = "";

    Watch(State state, String name, Duration life) {
        this.state = state;
        this.name = name;
        this.life = life;
    }

    /**
     * Whether this replica looks after the stream, for as long as the lease lives from now on.
     *
     * @throws Refusal Unavailable "state"
     */
    boolean isOurs() {
        State.Lease held = lease;
        if (held != null && state.extend(held, life)) {
            return true;
        }
        if (held != null) {
            succeeded();
        }
        lease = state.lease(name, life).orElse(null);
        if (lease != null) {
            LOG.infof("This replica looks after a stream of security events now lease=%s", name);
        }
        return lease != null;
    }

    void succeeded() {
        failures = 0;
        failingSince = null;
    }

    void failed(Instant now, String why) {
        failures++;
        cause = why;
        if (failingSince == null) {
            failingSince = now;
        }
    }

    /** Why nothing has succeeded for that long, if so. */
    Optional<String> failing(Instant now, Duration atLeast) {
        return failures >= TRIES && failingSince != null && !now.isBefore(failingSince.plus(atLeast))
                ? Optional.of(
                        "failing for " + Duration.between(failingSince, now).toSeconds() + " s: " + cause)
                : Optional.empty();
    }

    void leave() {
        State.Lease held = lease;
        lease = null;
        if (held != null) {
            try {
                state.release(held);
            } catch (Refusal endsByItself) {
                // Its life is short.
            }
        }
    }
}
