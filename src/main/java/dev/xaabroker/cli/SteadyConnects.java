package dev.xaabroker.cli;

import dev.xaabroker.cli.Attempt.Outcome;
import dev.xaabroker.grant.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Connects with one handle to every replica at a steady rate, whether answers come or not, and writes down what came of each. */
final class SteadyConnects implements AutoCloseable {

    /** A replica that cannot keep up is not asked more than it can answer: the proof must not be what slows it down. */
    private static final int MOST_UNDER_WAY = 20;

    /** So many refusals in a row are no accident. */
    private static final int IN_A_ROW = 3;

    private final List<Connect> replicas;
    private final Secret handle;
    private final String resource;
    private final List<String> scopes;
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final ExecutorService paces = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean going = true;

    private SteadyConnects(List<Connect> replicas, Secret handle, String resource, List<String> scopes) {
        this.replicas = replicas;
        this.handle = handle;
        this.resource = resource;
        this.scopes = scopes;
    }

    /** @param perSecond how many each replica gets */
    static SteadyConnects start(
            List<Connect> replicas, Secret handle, String resource, List<String> scopes, int perSecond) {
        SteadyConnects connects = new SteadyConnects(replicas, handle, resource, scopes);
        long pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int replica = 0; replica < replicas.size(); replica++) {
            int to = replica;
            connects.paces.execute(() -> connects.keepOn(to, pause));
        }
        return connects;
    }

    private void keepOn(int replica, long pause) {
        Semaphore room = new Semaphore(MOST_UNDER_WAY);
        long next = System.nanoTime();
        while (going) {
            if (room.tryAcquire()) {
                threads.execute(() -> {
                    try {
                        attempts.add(attempt(replica));
                    } finally {
                        room.release();
                    }
                });
            }
            next += pause;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private Attempt attempt(int replica) {
        long began = System.nanoTime();
        try {
            Http.Reply reply = replicas.get(replica).send(handle, Optional.of("refresh_token"), resource, scopes);
            return Attempt.answered(replica, began, System.nanoTime(), reply);
        } catch (Stopped noAnswer) {
            return Attempt.failed(replica, began, System.nanoTime(), noAnswer);
        }
    }

    /** Whether every replica refuses by now. */
    boolean areAllRefused() {
        List<Attempt> soFar = List.copyOf(attempts);
        return IntStream.range(0, replicas.size())
                .allMatch(replica -> soFar.stream()
                                .filter(attempt -> attempt.replica() == replica)
                                .sorted(Comparator.comparingLong(Attempt::began).reversed())
                                .limit(IN_A_ROW)
                                .filter(attempt -> attempt.outcome() == Outcome.REFUSED)
                                .count()
                        == IN_A_ROW);
    }

    /** Stops, waits for what is under way, and returns all that there was. */
    List<Attempt> stop() {
        close();
        return List.copyOf(attempts);
    }

    @Override
    public void close() {
        going = false;
        paces.close();
        threads.close();
    }
}
