package dev.xaabroker.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real HTTP server on the loopback interface that answers by path, remembers what it was sent, and can misbehave. */
final class LoopbackPeer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One request as it arrived; {@code form} keeps duplicates. */
    record Request(String method, String path, Map<String, String> headers, Map<String, List<String>> form) {

        String parameter(String name) {
            List<String> values = form.getOrDefault(name, List.of());
            return values.size() == 1 ? values.getFirst() : "(" + values.size() + " values)";
        }
    }

    /** What goes back. */
    record Reply(int status, Map<String, String> headers, String body) {

        static final Reply HANG_UP = new Reply(0, Map.of(), "");
        static final Reply NEVER = new Reply(-1, Map.of(), "");

        static Reply json(int status, Map<String, ?> members) {
            try {
                return new Reply(status, Map.of("Content-Type", "application/json"), JSON.writeValueAsString(members));
            } catch (JsonProcessingException broken) {
                throw new IllegalStateException(broken);
            }
        }

        static Reply error(int status, String error, String description) {
            return json(status, Map.of("error", error, "error_description", description));
        }

        Reply with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Reply(status, more, body);
        }
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();

    private final Map<String, Function<Request, Reply>> routes = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer server;

    LoopbackPeer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    LoopbackPeer on(String path, Function<Request, Reply> answer) {
        routes.put(path, answer);
        return this;
    }

    LoopbackPeer on(String path, Reply answer) {
        return on(path, request -> answer);
    }

    List<Request> to(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    List<String> paths() {
        return requests.stream().map(Request::path).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Request request = read(exchange);
        requests.add(request);
        Reply reply = routes.getOrDefault(request.path(), unknown -> Reply.error(404, "not_found", ""))
                .apply(request);
        if (reply.status() == Reply.NEVER.status()) {
            try {
                closing.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (reply.status() > 0) {
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static Request read(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        Map<String, List<String>> form = new HashMap<>();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.isEmpty() ? new String[0] : body.split("&")) {
            String[] halves = pair.split("=", 2);
            form.computeIfAbsent(decoded(halves[0]), name -> new ArrayList<>()).add(decoded(halves[1]));
        }
        return new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, form);
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
