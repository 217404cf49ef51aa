package dev.xaabroker.http;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Cursor asking for {@code files} at a steady rate while a test does something else; every answer is kept. */
final class Traffic implements AutoCloseable {

    /**
     * One answer; the times are of {@link System#nanoTime()}.
     *
     * @param status 0 when there was none
     */
    record Answer(long sent, long done, int status, String body) {

        boolean allowed() {
            return status == 200 && body.contains("\"scope\":\"files.read\"");
        }

        boolean refused(String reason) {
            return status == 400 && body.contains("\"reason\":\"" + reason + "\"");
        }
    }

    private static final int MOST_UNDER_WAY = 200;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
    private final HttpRequest request;
    private final long gap;
    private final long began = System.nanoTime();
    private final Thread sender = new Thread(this::send, "traffic");
    private volatile boolean stopping;

    Traffic(String tokenEndpoint, String handle, String resource, int perSecond) {
        String form = "grant_type=" + encode("urn:ietf:params:oauth:grant-type:token-exchange") + "&subject_token_type="
                + encode("urn:ietf:params:oauth:token-type:refresh_token") + "&subject_token=" + encode(handle)
                + "&resource=" + encode(resource);
        this.request = HttpRequest.newBuilder(URI.create(tokenEndpoint))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString("cursor:cursor-demo-secret".getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        this.gap = 1_000_000_000L / perSecond;
        sender.start();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** By the clock, not after the answer: a broker that stalls is not asked less. */
    private void send() {
        for (long next = began; !stopping; next += gap) {
            LockSupport.parkNanos(next - System.nanoTime());
            underWay.acquireUninterruptibly();
            long sent = System.nanoTime();
            var unused = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .handle((response, failure) -> {
                        underWay.release();
                        return answers.add(
                                response == null
                                        ? new Answer(sent, System.nanoTime(), 0, String.valueOf(failure))
                                        : new Answer(sent, System.nanoTime(), response.statusCode(), response.body()));
                    });
        }
    }

    /** Everything answered so far. */
    List<Answer> answers() {
        return List.copyOf(answers);
    }

    double perSecond() {
        return answers.size() * 1e9 / (System.nanoTime() - began);
    }

    /** Sends no more, and waits for the answers to what was sent. */
    @Override
    public void close() throws InterruptedException {
        if (stopping) {
            return;
        }
        stopping = true;
        sender.join();
        underWay.acquire(MOST_UNDER_WAY);
        client.close();
    }
}
