package dev.xaabroker.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A client of the demo servers that sends forms, well or badly made. */
final class HttpForm {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    static HttpForm of(String... namesAndValues) {
        HttpForm form = new HttpForm();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return form;
    }

    HttpForm with(String name, String value) {
        params.put(name, value);
        return this;
    }

    HttpForm without(String name) {
        params.remove(name);
        return this;
    }

    HttpForm header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    HttpForm basic(String id, String secret) {
        String pair = encode(id) + ":" + encode(secret);
        return header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    Answer post(String url) throws IOException {
        String body = params.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request);
    }

    static Answer get(String url) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    static Answer send(HttpRequest.Builder request) throws IOException {
        HttpResponse<String> response;
        try {
            response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Map<String, Object> json = response.body().startsWith("{") ? Json.read(response.body()) : Map.of();
        return new Answer(response.statusCode(), json, response);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    record Answer(int status, Map<String, Object> json, HttpResponse<String> raw) {

        String text(String member) {
            return String.valueOf(json.get(member));
        }
    }
}
