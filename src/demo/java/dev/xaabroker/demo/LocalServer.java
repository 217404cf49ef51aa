package dev.xaabroker.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server on the loopback address that records every request and goes wrong when told to. */
final class LocalServer implements AutoCloseable {

    static {
        // Without it, Nagle's algorithm and the client's delayed ACK cost 40 ms an answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Answers one request. */
    interface Handler {
        void handle(Call call) throws IOException;
    }

    /** Tells the kind of a request, for counting and for faults. */
    interface Kind {
        String of(Call call);
    }

    private record Route(Kind kind, Handler handler) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final Recording recording = new Recording();
    private final Faults faults = new Faults();

    /** Takes the port at once; requests wait until {@link #start()}. Port 0 is any free port. */
    LocalServer(int port) {
        try {
            server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " of the demo world is not free", e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
    }

    void start() {
        server.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int port() {
        return server.getAddress().getPort();
    }

    Recording recording() {
        return recording;
    }

    Faults faults() {
        return faults;
    }

    void route(String path, String kind, Handler handler) {
        route(path, call -> kind, handler);
    }

    void route(String path, Kind kind, Handler handler) {
        routes.put(path, new Route(kind, handler));
    }

    private void serve(HttpExchange exchange) throws IOException {
        Route route = routes.get(exchange.getRequestURI().getRawPath());
        Call call = new Call(exchange);
        String kind = route == null ? "unknown" : route.kind().of(call);
        recording.add(call.recorded(kind));
        Fault fault = faults.take(kind);
        if (fault instanceof Fault.Drop) {
            exchange.close();
        } else if (fault instanceof Fault.HoldAndDrop hold) {
            await(hold.latch());
            exchange.close();
        } else if (fault instanceof Fault.Answer answer) {
            call.answer(answer.status(), answer.headers(), answer.body());
        } else if (route == null) {
            call.answer(404, Map.of(), "");
        } else {
            pause(fault);
            handle(route, call.with(fault));
        }
    }

    private static void handle(Route route, Call call) throws IOException {
        try {
            route.handler().handle(call);
        } catch (OAuthProblem problem) {
            call.problem(problem);
        } catch (RuntimeException e) {
            // A fault of the fake itself: say so, or a test would look for it in the broker.
            e.printStackTrace();
            call.answer(500, Map.of(), "the demo server failed: " + e);
        }
    }

    private static void pause(@Nullable Fault fault) {
        if (fault instanceof Fault.Hold hold) {
            await(hold.latch());
        } else if (fault instanceof Fault.Delay delay) {
            await(new CountDownLatch(1), delay.duration().toMillis());
        }
    }

    static void await(CountDownLatch latch) {
        await(latch, 30_000);
    }

    private static void await(CountDownLatch latch, long millis) {
        try {
            boolean opened = latch.await(millis, TimeUnit.MILLISECONDS);
            if (!opened && millis >= 30_000) {
                throw new IllegalStateException("nobody released a held request");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
