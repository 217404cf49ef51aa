package dev.xaabroker.peers;

import dev.xaabroker.peers.Http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Connects again and again, as a busy client does, and remembers what it was answered. Closing it waits for the last answer. */
final class Prober implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<Probe> probes = new CopyOnWriteArrayList<>();
    private final Supplier<Answer> connect;
    private final Thread thread;
    private volatile boolean over;

    private Prober(Supplier<Answer> connect) {
        this.connect = connect;
        this.thread = Thread.ofVirtual().start(this::probe);
    }

    static Prober of(Supplier<Answer> connect) {
        return new Prober(connect);
    }

    /** One connect; times as of {@link System#nanoTime}. */
    record Probe(long begun, long answered, Answer answer) {
        boolean hasToken() {
            return answer.status() == 200;
        }
    }

    private void probe() {
        while (!over) {
            long begun = System.nanoTime();
            Answer answer = connect.get();
            probes.add(new Probe(begun, System.nanoTime(), answer));
            pause();
        }
    }

    /** All that it has seen. */
    List<Probe> probes() {
        return probes;
    }

    /** The last connect that was given a token, so far. */
    Probe lastToken() {
        return probes.stream()
                .filter(Probe::hasToken)
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    /** The first connect that was refused. */
    Probe awaitRefused(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        while (true) {
            Optional<Probe> refused =
                    probes.stream().filter(probe -> !probe.hasToken()).findFirst();
            if (refused.isPresent()) {
                return refused.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still given tokens after " + most);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
