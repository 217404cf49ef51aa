package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Signals.Way;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStream.Status;
import dev.xaabroker.session.SignalStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether an IdP's signals can be relied on, and what a session's proof is worth without them (RULES H10). Read from the durable
 * state, and believed for a second.
 */
@ApplicationScoped
class Degraded {

    private static final Duration BELIEVED = Duration.ofSeconds(1);

    private final SignalStreams streams;
    private final StreamsConfig config;
    private final Clock clock;
    private final ConcurrentMap<String, Memory> memories = new ConcurrentHashMap<>();

    Degraded(SignalStreams streams, StreamsConfig config, Clock clock) {
        this.streams = streams;
        this.config = config;
        this.clock = clock;
    }

    /** Where what was read of one stream is kept; one reads, the others wait for it. */
    private static final class Memory {
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Read last;
    }

    /** @param silent whether the database did not answer */
    private record Read(Instant at, boolean silent, Optional<SignalStream> stream) {

        boolean isFresh(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(BELIEVED));
        }
    }

    /**
     * How old the last proof of a session of this IdP may be now: its {@code recheck}, and {@code degradedRecheck} unless its
     * stream is known to be well.
     */
    Duration recheck(IdentityProviderEntry idp) {
        return !idp.signals().comeBy(Way.SSF) || isWell(idp)
                ? idp.recheck()
                : idp.signals().ssf().stream().degradedRecheck();
    }

    private boolean isWell(IdentityProviderEntry idp) {
        Instant now = clock.instant();
        Read read = read(idp, now);
        Optional<SignalStream> known = read.stream();
        if (read.silent()) {
            return false;
        }
        return idp.signals().ssf().stream().isManaged()
                ? known.isPresent() && known.get().isWell(now, config.failingFor())
                // Nobody here can tell whether such a stream is silent; that it is stopped, it may have said.
                : known.isEmpty() || known.get().status() == Status.ENABLED;
    }

    private Read read(IdentityProviderEntry idp, Instant now) {
        Memory memory = memories.computeIfAbsent(idp.tenant() + "\n" + idp.name(), name -> new Memory());
        Read last = memory.last;
        if (last != null && last.isFresh(now)) {
            return last;
        }
        memory.lock.lock();
        try {
            Read meanwhile = memory.last;
            if (meanwhile == null || !meanwhile.isFresh(now)) {
                meanwhile = read(idp);
                memory.last = meanwhile;
            }
            return meanwhile;
        } finally {
            memory.lock.unlock();
        }
    }

    private Read read(IdentityProviderEntry idp) {
        Instant now = clock.instant();
        try {
            return new Read(now, false, streams.find(idp.tenant(), idp.name()));
        } catch (Refusal unknown) {
            return new Read(now, true, Optional.empty());
        }
    }
}
