package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Signals.Way;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStream.Made;
import dev.xaabroker.state.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;

/**
 * The story of a stream of security events (SSF 1.0; RULES H7, H10): made, verified again and again, fetched when it is not
 * pushed, and judged. One replica at a time looks after an IdP's; when it dies, another goes on.
 */
@ApplicationScoped
public class Streams {

    private static final Logger LOG = Logger.getLogger(Streams.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration AFTER_NONSENSE = Duration.ofSeconds(5);

    private final ManagedConnections connections;
    private final StreamSetup setup;
    private final StreamPolling polling;
    private final StreamHealth health;
    private final State state;
    private final StreamsConfig config;
    private final Clock clock;
    private final ConcurrentMap<String, Watch> watches = new ConcurrentHashMap<>();

    Streams(
            ManagedConnections connections,
            StreamSetup setup,
            StreamPolling polling,
            StreamHealth health,
            State state,
            StreamsConfig config,
            Clock clock) {
        this.connections = connections;
        this.setup = setup;
        this.polling = polling;
        this.health = health;
        this.state = state;
        this.config = config;
        this.clock = clock;
    }

    /**
     * The IdPs whose events come by a stream.
     *
     * @throws Refusal Unavailable when there is no policy
     */
    public List<IdentityProviderEntry> toTend() {
        return connections.current().identityProviders().stream()
                .filter(idp -> idp.signals().comeBy(Way.SSF))
                .toList();
    }

    /**
     * Does what is to be done now for the stream of one IdP, unless another replica looks after it. Never called twice at once
     * for the same one.
     *
     * @return after how long there is something to do again
     * @throws Refusal Unavailable when a store of ours does not answer: nothing was acknowledged that is not done
     */
    public Duration tend(IdentityProviderEntry idp) {
        Watch watch = watches.computeIfAbsent(
                idp.tenant() + ":" + idp.name(), name -> new Watch(state, "upkeep:{ssf:" + name + "}", config.lease()));
        if (!watch.isOurs()) {
            return LOOK_AGAIN;
        }
        Duration pause;
        try {
            pause = step(idp, watch);
            watch.succeeded();
        } catch (Refusal refusal) {
            pause = failed(idp, watch, refusal);
        }
        health.judge(idp, watch.failing(clock.instant(), config.failingFor()));
        return pause;
    }

    private Duration step(IdentityProviderEntry idp, Watch watch) {
        SignalStream stream = setup.known(idp);
        if (!idp.signals().ssf().stream().isManaged()) {
            return LOOK_AGAIN;
        }
        Made made = setup.opened(idp, stream);
        setup.verify(idp, made);
        if (made.pollUrl() == null) {
            return LOOK_AGAIN;
        }
        polling.drain(idp, made.pollUrl(), watch::isOurs);
        return idp.signals().ssf().stream().pollEvery();
    }

    private Duration failed(IdentityProviderEntry idp, Watch watch, Refusal refusal) {
        return switch (refusal.failure()) {
            case Failure.Unavailable(String part, Duration retryAfter, String detail)
            when part.equals("ssf") || part.equals("idp") -> {
                watch.failed(clock.instant(), detail);
                yield retryAfter.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : retryAfter;
            }
            case Failure.PeerFault fault -> {
                watch.failed(clock.instant(), fault.detail());
                LOG.warnf(
                        "The stream of security events is not as it should be idp=%s cause=%s",
                        idp.name(), fault.detail());
                setup.doubt(idp);
                yield AFTER_NONSENSE;
            }
            default -> throw refusal;
        };
    }

    /** Lets another replica go on at once, when this one stops. */
    public void leave() {
        watches.values().forEach(Watch::leave);
    }
}
