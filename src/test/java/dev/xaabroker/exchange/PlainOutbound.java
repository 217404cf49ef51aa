package dev.xaabroker.exchange;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An outbound client without the hardening, so that these tests reach the loopback interface. */
final class PlainOutbound implements Outbound {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public Answer getMetadata(Peer peer, String url) {
        return send(peer, HttpRequest.newBuilder(URI.create(url)).GET());
    }

    @Override
    public Answer getKeys(Peer peer, String url) {
        return send(peer, HttpRequest.newBuilder(URI.create(url)).GET());
    }

    @Override
    public Answer getProtected(Peer peer, String url, Secret accessToken) {
        return send(
                peer,
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + accessToken.reveal())
                        .GET());
    }

    @Override
    public Answer postForm(Peer peer, String url, Map<String, String> headers, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(peer, request);
    }

    @Override
    public Answer sendJson(Peer peer, Verb verb, String url, Secret accessToken, String json) {
        return send(
                peer,
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + accessToken.reveal())
                        .header("Content-Type", "application/json")
                        .method(verb.name(), BodyPublishers.ofString(json)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer send(Peer peer, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(peer.timeout()).build(), BodyHandlers.ofString());
            Map<String, String> headers = new HashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            return new Answer(response.statusCode(), headers, response.body());
        } catch (ConnectException refused) {
            throw new OutboundException(Kind.NOT_SENT, "127.0.0.1: connection refused");
        } catch (IOException lost) {
            throw new OutboundException(
                    Kind.LOST, "127.0.0.1: " + lost.getClass().getSimpleName());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OutboundException(Kind.LOST, "interrupted");
        }
    }
}
