package dev.xaabroker.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a server shall get wrong next, by kind of request. Thread-safe. */
public final class Faults {

    private final Map<String, Deque<Fault>> next = new HashMap<>();
    private final Map<String, Fault> always = new HashMap<>();
    private final Map<String, Double> losses = new HashMap<>();
    private Random random = new Random(0);

    /** The next requests of this kind go wrong like this, one each, in order. */
    public synchronized void next(String kind, Fault... faults) {
        Deque<Fault> queue = next.computeIfAbsent(kind, k -> new ArrayDeque<>());
        for (Fault fault : faults) {
            queue.add(fault);
        }
    }

    /** All requests of this kind go wrong like this until {@link #clear()}. */
    public synchronized void always(String kind, Fault fault) {
        always.put(kind, fault);
    }

    /** Loses this share of the answers to a kind of request, drawn from the seed. */
    public synchronized void loseAtRandom(String kind, double share, long seed) {
        losses.put(kind, share);
        random = new Random(seed);
    }

    public synchronized void clear() {
        next.clear();
        always.clear();
        losses.clear();
    }

    synchronized @Nullable Fault take(String kind) {
        Deque<Fault> queue = next.get(kind);
        if (queue != null && !queue.isEmpty()) {
            return queue.remove();
        }
        Double share = losses.get(kind);
        if (share != null && random.nextDouble() < share) {
            return new Fault.LoseAnswer();
        }
        return always.get(kind);
    }
}
