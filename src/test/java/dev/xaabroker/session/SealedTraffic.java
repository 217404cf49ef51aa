package dev.xaabroker.session;

import dev.xaabroker.session.SealedWorld.Stored;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Requests that refresh, and lend out, the tokens of random sessions for as long as it is open. */
final class SealedTraffic implements AutoCloseable {

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final List<Stored> all;
    private final SessionStore sessions;
    private final Function<String, Session> read;
    private final List<Thread> threads;
    private volatile boolean stopping;

    SealedTraffic(List<Stored> all, SessionStore sessions, Function<String, Session> read) {
        this.all = all;
        this.sessions = sessions;
        this.read = read;
        this.threads = IntStream.range(0, 3)
                .mapToObj(i -> Thread.ofPlatform().start(() -> run(i)))
                .toList();
    }

    /** Each thread has sessions of its own, so that what the IdP holds valid is known. */
    private void run(int thread) {
        while (!stopping) {
            int index = ThreadLocalRandom.current().nextInt(all.size() / 3) * 3 + thread;
            Stored one = all.get(Math.min(index, all.size() - 3 + thread));
            long began = System.nanoTime();
            try {
                request(one);
                done.incrementAndGet();
            } catch (RuntimeException | AssertionError failure) {
                failures.add(failure);
            }
            slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
        }
    }

    private void request(Stored one) {
        Session session = read.apply(one.id());
        String lent = sessions.withRefreshToken(session, token -> token.reveal());
        if (!lent.equals(one.idp().valid)) {
            throw new AssertionError("another token than the IdP's last");
        }
        sessions.proveAfresh(session, Instant.now(), one.idp());
    }

    /** Waits until so many more requests were answered. */
    void atLeast(long more) throws InterruptedException {
        long until = done.get() + more;
        while (done.get() < until && failures.isEmpty()) {
            Thread.sleep(10);
        }
    }

    long done() {
        return done.get();
    }

    long slowestMillis() {
        return slowest.get() / 1_000_000;
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
