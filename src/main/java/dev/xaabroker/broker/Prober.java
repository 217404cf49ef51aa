package dev.xaabroker.broker;

import dev.xaabroker.broker.Probe.Prepared;
import dev.xaabroker.broker.Probe.Verdict;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.State;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Tries on the running broker what must be refused, and alerts when it is not. It asks as the token endpoint does after a client
 * has been authenticated; the door itself it does not try. Each probe stands in the ledger as the request that it is.
 */
@ApplicationScoped
public class Prober {

    /** What the request id of every probe begins with, and no client's. */
    public static final String PREFIX = "probe-";

    /** How the ledger calls a probe that was not refused; the entry of the request itself stands beside it. */
    public static final String ALERT = "alert";

    private static final Logger LOG = Logger.getLogger(Prober.class);

    private final ManagedConnections connections;
    private final Function<Policy, List<Probe>> probes;
    private final Function<ConnectRequest, Connected> connect;
    private final OutstandingTokens outstanding;
    private final Runnable wakeRevocations;
    private final State state;
    private final Ledger ledger;
    private final MeterRegistry meters;
    private final Clock clock;

    @Inject
    Prober(
            ManagedConnections connections,
            Probes probes,
            Broker broker,
            OutstandingTokens outstanding,
            Revocations revocations,
            State state,
            Ledger ledger,
            MeterRegistry meters,
            Clock clock) {
        this(connections, probes::under, broker::connect, outstanding, revocations::wake, state, ledger, meters, clock);
    }

    /** With what it tries, and at whose door. */
    Prober(
            ManagedConnections connections,
            Function<Policy, List<Probe>> probes,
            Function<ConnectRequest, Connected> connect,
            OutstandingTokens outstanding,
            Runnable wakeRevocations,
            State state,
            Ledger ledger,
            MeterRegistry meters,
            Clock clock) {
        this.connections = connections;
        this.probes = probes;
        this.connect = connect;
        this.outstanding = outstanding;
        this.wakeRevocations = wakeRevocations;
        this.state = state;
        this.ledger = ledger;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * What a round has shown.
     *
     * @param outcomes in lower case ({@code refused}, {@code unclear}, {@code failed}) by probe; those that this policy leaves
     *     no way to try are missing
     * @param outcome the worst of them
     */
    public record Round(Map<String, String> outcomes, String outcome) {

        public Round {
            outcomes = Map.copyOf(outcomes);
        }
    }

    /**
     * Tries each probe once.
     *
     * @param alone for how long no other replica tries them
     * @return empty when another replica did, a moment ago
     * @throws Refusal Unavailable when the policy or a store is
     */
    public Optional<Round> round(Duration alone) {
        Policy policy = connections.current();
        if (state.lease("upkeep:{probe}", alone).isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> outcomes = new LinkedHashMap<>();
        Verdict worst = Verdict.REFUSED;
        for (Probe probe : probes.apply(policy)) {
            Verdict verdict = tried(policy, probe);
            outcomes.put(probe.name(), word(verdict));
            worst = verdict.compareTo(worst) > 0 ? verdict : worst;
        }
        meters.counter("xaa.prober.rounds", "outcome", word(worst)).increment();
        return Optional.of(new Round(outcomes, word(worst)));
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private Verdict tried(Policy policy, Probe probe) {
        // There from the first round on, so that whoever watches it sees it rise.
        meters.counter("xaa.prober.failed", "probe", probe.name());
        Prepared prepared;
        try {
            prepared = probe.prepare().get();
        } catch (Refusal down) {
            return unclear(probe, "it could not be prepared: " + down.failure().reason());
        }
        try {
            return asked(policy, probe, prepared.request());
        } finally {
            undo(probe, prepared);
        }
    }

    private Verdict asked(Policy policy, Probe probe, ConnectRequest request) {
        try {
            Connected connected = connect.apply(request);
            takeBack(policy, connected);
            return failed(policy, probe, request, "a token");
        } catch (Refusal refusal) {
            String reason = refusal.failure().reason();
            return switch (probe.judge(refusal.failure())) {
                case REFUSED -> Verdict.REFUSED;
                case UNCLEAR -> unclear(probe, reason);
                case FAILED ->
                    policy.revision().equals(connections.current().revision())
                            ? failed(policy, probe, request, reason)
                            : unclear(probe, "another policy came meanwhile: " + reason);
            };
        } catch (RuntimeException broken) {
            LOG.errorf(broken, "A probe broke probe=%s", probe.name());
            return failed(policy, probe, request, "it broke");
        }
    }

    private static Verdict unclear(Probe probe, String why) {
        LOG.infof("A probe shows nothing this time probe=%s got=%s", probe.name(), why);
        return Verdict.UNCLEAR;
    }

    private Verdict failed(Policy policy, Probe probe, ConnectRequest request, String got) {
        LOG.errorf(
                "ALERT: what must be refused was not refused where it must be probe=%s must=%s got=%s request_id=%s",
                probe.name(), probe.at().code(), got, request.id());
        meters.counter("xaa.prober.failed", "probe", probe.name()).increment();
        try {
            ledger.append(entry(policy, probe, request, got));
        } catch (Refusal down) {
            LOG.error("The ledger could not be told of an alert");
        }
        return Verdict.FAILED;
    }

    /** Nobody keeps a token that should not be there. */
    private void takeBack(Policy policy, Connected connected) {
        try {
            outstanding.revoke(
                    policy.tenant(), Fingerprint.sha256(connected.accessToken().reveal()), "probe");
            wakeRevocations.run();
        } catch (Refusal down) {
            LOG.error("The token that a probe got could not be put into the queue of revocations; it lives to its end");
        }
    }

    private static void undo(Probe probe, Prepared prepared) {
        try {
            prepared.undo().run();
        } catch (Refusal down) {
            LOG.debugf("What a probe left is over by itself in a minute probe=%s", probe.name());
        }
    }

    private Entry entry(Policy policy, Probe probe, ConnectRequest request, String got) {
        return Happening.of(ALERT, "probe:" + probe.name())
                .client(request.client().id())
                .revision(policy.revision())
                .detail("must be refused as " + probe.at().code() + ", got " + got)
                .entry(clock.instant(), request.id(), policy.tenant());
    }
}
