package dev.xaabroker.demo;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP request with its answer. */
final class Call {

    private final HttpExchange exchange;
    private final String body;
    private final Map<String, List<String>> form;
    private final @Nullable Fault fault;

    Call(HttpExchange exchange) throws IOException {
        this.exchange = exchange;
        this.fault = null;
        this.body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        boolean isForm = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        this.form = isForm ? parse(body) : Map.of();
    }

    private Call(Call call, @Nullable Fault fault) {
        this.exchange = call.exchange;
        this.body = call.body;
        this.form = call.form;
        this.fault = fault;
    }

    /** The same request, whose answer is to go wrong like this. */
    Call with(@Nullable Fault wrong) {
        return new Call(this, wrong);
    }

    private static Map<String, List<String>> parse(String form) {
        Map<String, List<String>> params = new LinkedHashMap<>();
        for (String pair : form.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            params.computeIfAbsent(decode(name), n -> new ArrayList<>()).add(decode(value));
        }
        return params;
    }

    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    RecordedRequest recorded(String kind) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((n, v) -> headers.put(n.toLowerCase(Locale.ROOT), String.join(", ", v)));
        String query = exchange.getRequestURI().getRawQuery();
        return new RecordedRequest(
                kind, method(), path(), query == null ? "" : query, form, Map.copyOf(headers), Instant.now());
    }

    String method() {
        return exchange.getRequestMethod();
    }

    String path() {
        return exchange.getRequestURI().getRawPath();
    }

    String body() {
        return body;
    }

    Map<String, List<String>> form() {
        return form;
    }

    @Nullable
    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    /** The value of a parameter that may occur once at most (RFC 6749 s3.2); empty is absent. */
    @Nullable
    String optional(String name) {
        List<String> values = form.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw OAuthProblem.of("invalid_request", name + " is repeated");
        }
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    String required(String name) {
        String value = optional(name);
        if (value == null) {
            throw OAuthProblem.of("invalid_request", name + " is missing");
        }
        return value;
    }

    void json(int status, Map<String, ?> members) throws IOException {
        Map<String, Object> copy = new LinkedHashMap<>(members);
        if (status < 300 && fault instanceof Fault.Rewrite rewrite) {
            rewrite.change().accept(copy);
        }
        answer(status, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"), Json.write(copy));
    }

    void problem(OAuthProblem problem) throws IOException {
        if (problem.status() == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"demo\"");
        }
        String description = String.valueOf(problem.getMessage());
        json(problem.status(), Map.of("error", problem.error(), "error_description", description));
    }

    void answer(int status, Map<String, String> headers, String text) throws IOException {
        if (fault instanceof Fault.LoseAnswer) {
            exchange.close();
            return;
        }
        if (fault instanceof Fault.HoldAnswer hold) {
            LocalServer.await(hold.latch());
        }
        headers.forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
        exchange.close();
    }
}
