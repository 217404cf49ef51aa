package dev.xaabroker.http;

import io.restassured.response.Response;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Connects that go through a refresh and both legs, one after the other, for as long as it is open. */
final class Refreshes implements AutoCloseable {

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong done = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    Refreshes(List<String> handles, Function<String, Response> connect) {
        thread = Thread.ofPlatform().start(() -> {
            for (int i = 0; !stopping; i++) {
                Response answer = connect.apply(handles.get(i % handles.size()));
                if (answer.statusCode() != 200) {
                    failures.add(answer.statusCode() + " " + answer.asString());
                }
                done.incrementAndGet();
            }
        });
    }

    /** Waits for so many more answers. */
    void more(int answers) throws InterruptedException {
        long until = done.get() + answers;
        while (done.get() < until && thread.isAlive()) {
            Thread.sleep(10);
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
