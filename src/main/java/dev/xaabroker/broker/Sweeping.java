package dev.xaabroker.broker;

import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.SessionSweep;
import dev.xaabroker.session.SessionSweep.Kind;
import dev.xaabroker.state.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sweeps the sessions, one replica at a time. */
@ApplicationScoped
public class Sweeping {

    /** After it another replica goes on, if this one died; longer than any one batch takes. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final ManagedConnections connections;
    private final SessionSweep sessions;
    private final State state;

    Sweeping(ManagedConnections connections, SessionSweep sessions, State state) {
        this.connections = connections;
        this.sessions = sessions;
        this.state = state;
    }

    /**
     * What a sweep did.
     *
     * @param done how many, by kind in lower case; every kind is there
     * @param living how many sessions live after it
     */
    public record Swept(Map<String, Integer> done, long living) {

        public Swept {
            done = Map.copyOf(done);
        }

        public boolean didSomething() {
            return done.values().stream().anyMatch(count -> count > 0);
        }
    }

    /**
     * Ends and removes everything that is due, in batches.
     *
     * @param batch how many rows one transaction may change
     * @return empty when another replica is at it
     * @throws dev.xaabroker.grant.Refusal Unavailable when a store does not answer, or no policy says how old a session may be
     */
    public Optional<Swept> sweep(int batch) {
        Policy policy = connections.current();
        Optional<State.Lease> lease = state.lease("upkeep:{sweep}", LEASE);
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        try {
            Map<String, Integer> done = new LinkedHashMap<>();
            for (Kind kind : Kind.values()) {
                done.put(kind.name().toLowerCase(Locale.ROOT), all(kind, policy, batch, lease.get()));
            }
            return Optional.of(new Swept(done, sessions.living()));
        } finally {
            state.release(lease.get());
        }
    }

    private int all(Kind kind, Policy policy, int batch, State.Lease lease) {
        int sum = 0;
        int last;
        do {
            last = sessions.sweep(policy.tenant(), kind, policy.maxSessionAge(), batch);
            sum += last;
        } while (last == batch && state.extend(lease, LEASE));
        return sum;
    }
}
