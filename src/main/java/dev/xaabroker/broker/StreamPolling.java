package dev.xaabroker.broker;

import dev.xaabroker.broker.SecurityEvents.Result;
import dev.xaabroker.exchange.SharedSignals;
import dev.xaabroker.exchange.SharedSignals.Batch;
import dev.xaabroker.exchange.SharedSignals.SetError;
import dev.xaabroker.exchange.SharedSignals.Verdicts;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.SignalStreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches events (RFC 8936; RULES H7). An event is acknowledged when what it says is done, durably: whatever breaks before that,
 * it comes again, and a second time it does nothing.
 */
@ApplicationScoped
class StreamPolling {

    private static final Logger LOG = Logger.getLogger(StreamPolling.class);
    /** How often {@code heard} is written while nothing comes: a part of what makes a stream unheard of. */
    private static final int PART = 6;

    private final SharedSignals signals;
    private final Receiver events;
    private final SignalStreams streams;
    private final StreamsConfig config;
    private final Clock clock;
    private final ConcurrentMap<String, Instant> written = new ConcurrentHashMap<>();

    /** Who verifies an event and does what it says. */
    interface Receiver {
        Result receive(IdentityProviderEntry idp, Secret set, String requestId);
    }

    @Inject
    StreamPolling(
            SharedSignals signals, SecurityEvents events, SignalStreams streams, StreamsConfig config, Clock clock) {
        this(signals, events::receive, streams, config, clock);
    }

    StreamPolling(SharedSignals signals, Receiver events, SignalStreams streams, StreamsConfig config, Clock clock) {
        this.signals = signals;
        this.events = events;
        this.streams = streams;
        this.config = config;
        this.clock = clock;
    }

    /**
     * What became of a batch.
     *
     * @param notNow why some of it can be said nothing of yet; null when all of it is dealt with
     */
    private record Dealt(Verdicts verdicts, @Nullable Refusal notNow) {}

    /**
     * Fetches and does everything that is there, without a pause, and tells the transmitter.
     *
     * @param goesOn asked before each further request
     * @throws Refusal what the transmitter's answer means, or Unavailable when a store of ours does not answer
     */
    void drain(IdentityProviderEntry idp, String pollUrl, BooleanSupplier goesOn) {
        Verdicts verdicts = Verdicts.NONE;
        do {
            Instant began = clock.instant();
            Batch batch = signals.poll(idp, pollUrl, verdicts, config.batch());
            if (!batch.sets().isEmpty() && verdicts.cover(batch.sets().keySet())) {
                // It has not forgotten yet what it was told of just now.
                return;
            }
            Dealt dealt = deal(idp, batch);
            verdicts = dealt.verdicts();
            if (dealt.notNow() != null) {
                tell(idp, pollUrl, verdicts);
                throw dealt.notNow();
            }
            if (!batch.more()) {
                heard(idp, began);
            }
            if (batch.more() && verdicts.isEmpty()) {
                // It says that there is more and sends none: that is no reason to ask it without end.
                return;
            }
            if (!batch.more() && verdicts.isEmpty()) {
                return;
            }
        } while (goesOn.getAsBoolean());
    }

    /** Acknowledges what was done of a batch that was not done as a whole, and fetches nothing: it would be the rest of it. */
    private void tell(IdentityProviderEntry idp, String pollUrl, Verdicts verdicts) {
        if (!verdicts.isEmpty()) {
            Batch ignored = signals.poll(idp, pollUrl, verdicts, 0);
            LOG.debugf("acknowledged a part idp=%s left=%s", idp.name(), ignored);
        }
    }

    /** All at once, as the work is waiting for the database and its entries in the ledger share a commit. */
    private Dealt deal(IdentityProviderEntry idp, Batch batch) {
        if (batch.sets().isEmpty()) {
            return new Dealt(Verdicts.NONE, null);
        }
        Map<String, Future<Result>> underWay = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            batch.sets().forEach((jti, set) -> underWay.put(jti, threads.submit(() -> receive(idp, set))));
        }
        Set<String> handled = new HashSet<>();
        Map<String, SetError> bad = new HashMap<>();
        Refusal notNow = null;
        for (Map.Entry<String, Future<Result>> one : underWay.entrySet()) {
            try {
                switch (one.getValue().get()) {
                    case Result.Accepted accepted -> handled.add(one.getKey());
                    case Result.Rejected(String code, String description) -> {
                        bad.put(one.getKey(), new SetError(code, description));
                        LOG.warnf("A security event is refused idp=%s err=%s cause=%s", idp.name(), code, description);
                    }
                }
            } catch (ExecutionException failed) {
                notNow = refusal(failed.getCause());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", stop);
            }
        }
        return new Dealt(new Verdicts(handled, bad), notNow);
    }

    private Result receive(IdentityProviderEntry idp, String set) {
        return set.isEmpty()
                ? new Result.Rejected("invalid_request", "an empty event")
                : events.receive(idp, Secret.of(set), "ssf-" + UUID.randomUUID());
    }

    private static Refusal refusal(@Nullable Throwable cause) {
        if (cause instanceof Refusal refusal) {
            return refusal;
        }
        throw cause instanceof RuntimeException broken ? broken : new IllegalStateException(cause);
    }

    private void heard(IdentityProviderEntry idp, Instant at) {
        Duration often = config.failingFor().dividedBy(PART);
        Instant last = written.get(idp.name());
        if (last == null || last.isAfter(at) || !at.isBefore(last.plus(often))) {
            streams.change(idp.tenant(), idp.name(), at, stream -> stream.heard(at));
            written.put(idp.name(), at);
        }
    }
}
