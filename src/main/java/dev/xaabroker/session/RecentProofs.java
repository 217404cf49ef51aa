package dev.xaabroker.session;

import dev.xaabroker.grant.Proof;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last proofs, in memory for some seconds: requests that waited for one refresh share its tokens, and nobody else
 * finds them.
 */
final class RecentProofs {

    private static final int AT_MOST = 10_000;

    private final LinkedHashMap<String, Kept> proofs = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Duration keep;
    private final Clock clock;

    RecentProofs(Duration keep, Clock clock) {
        this.keep = keep;
        this.clock = clock;
    }

    void put(String sessionId, Proof proof) {
        Instant now = clock.instant();
        lock.lock();
        try {
            proofs.remove(sessionId);
            proofs.put(sessionId, new Kept(proof, now.plus(keep)));
            forgetOld(now);
        } finally {
            lock.unlock();
        }
    }

    /** A proof obtained at or after {@code since}. */
    Optional<Proof> since(String sessionId, Instant since) {
        Instant now = clock.instant();
        lock.lock();
        try {
            forgetOld(now);
            return Optional.ofNullable(proofs.get(sessionId))
                    .map(Kept::proof)
                    .filter(proof -> Session.isProven(proof.at(), since, now));
        } finally {
            lock.unlock();
        }
    }

    void remove(String sessionId) {
        lock.lock();
        try {
            proofs.remove(sessionId);
        } finally {
            lock.unlock();
        }
    }

    /** Entries stand in the order of their ends. */
    private void forgetOld(Instant now) {
        Iterator<Kept> oldest = proofs.values().iterator();
        while (oldest.hasNext() && (!oldest.next().until.isAfter(now) || proofs.size() > AT_MOST)) {
            oldest.remove();
        }
    }

    private record Kept(Proof proof, Instant until) {}
}
