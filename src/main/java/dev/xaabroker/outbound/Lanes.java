package dev.xaabroker.outbound;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets so many requests through to each peer at once, as virtual threads do not push back. */
final class Lanes {

    /** Who waits longer than this part of the time-out for its turn gives up, while it can still say that nothing was sent. */
    private static final int PART_TO_WAIT = 4;

    /** A peer whose limit changes with the policy gets new lanes; requests in the old ones end by themselves. */
    private record Lane(String peer, int most) {}

    private final ConcurrentMap<Lane, Semaphore> lanes = new ConcurrentHashMap<>();

    /**
     * Runs {@code request} when there is room.
     *
     * @throws OutboundException NOT_SENT when there is none for a quarter of what is left
     */
    <T> T with(Peer peer, Deadline deadline, Supplier<T> request) {
        Semaphore lane = lanes.computeIfAbsent(
                new Lane(peer.name(), peer.maxConcurrent()), made -> new Semaphore(made.most(), true));
        try {
            if (!lane.tryAcquire(deadline.left() / PART_TO_WAIT, TimeUnit.NANOSECONDS)) {
                throw new OutboundException(Kind.NOT_SENT, peer.name() + ": too many requests to it are under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutboundException(Kind.NOT_SENT, peer.name() + ": interrupted");
        }
        try {
            return request.get();
        } finally {
            lane.release();
        }
    }
}
