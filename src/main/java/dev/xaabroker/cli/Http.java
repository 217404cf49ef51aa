package dev.xaabroker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.xaabroker.grant.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Talks to the broker that the operator named: https, or http on loopback; no redirect is followed, as every request
 * carries a secret. It is not for peers: those are reached through {@code outbound}, by its rules.
 */
final class Http {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 32 * 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String base;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Http(String base) {
        this.base = base;
    }

    /** What came back. Its body may hold tokens, so it is not printed. */
    record Reply(int status, String body, Optional<String> requestId) {

        /** The body as JSON; an empty object when it is none. */
        JsonNode json() {
            try {
                JsonNode read = JSON.readTree(body);
                return read == null ? JSON.createObjectNode() : read;
            } catch (JsonProcessingException e) {
                return JSON.createObjectNode();
            }
        }

        @Override
        public String toString() {
            return "Reply[" + status + "]";
        }
    }

    /** @throws Stopped when nothing secret may be sent to {@code url} */
    static Http to(URI url) {
        boolean loopback = "http".equals(url.getScheme()) && LOOPBACK.contains(String.valueOf(url.getHost()));
        if (!loopback && !"https".equals(url.getScheme())) {
            throw new Stopped(url + ": a broker is reached over https, or over http on loopback");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new Stopped("the broker's URL has no query, fragment or user");
        }
        return new Http(url.toString().replaceFirst("/+$", ""));
    }

    String base() {
        return base;
    }

    Reply get(String pathOrUrl, Optional<Secret> bearer) {
        return send(request(pathOrUrl).GET(), bearer.map(token -> "Bearer " + token.reveal()));
    }

    Reply get(String path, Optional<Secret> bearer, Duration patience) {
        return send(request(path).timeout(patience).GET(), bearer.map(token -> "Bearer " + token.reveal()));
    }

    Reply postJson(String path, JsonNode body, Secret bearer) {
        return send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString())),
                Optional.of("Bearer " + bearer.reveal()));
    }

    /** @param authorization the whole header */
    Reply postForm(String url, String encoded, Optional<String> authorization) {
        return send(
                request(url)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(encoded)),
                authorization);
    }

    private HttpRequest.Builder request(String pathOrUrl) {
        String url = pathOrUrl.startsWith("/") ? base + pathOrUrl : pathOrUrl;
        return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).header("Accept", "application/json");
    }

    private Reply send(HttpRequest.Builder request, Optional<String> authorization) {
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Reply(
                        response.statusCode(),
                        new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8),
                        response.headers().firstValue("X-Request-Id"));
            }
        } catch (HttpTimeoutException e) {
            throw new Stopped(base + ": no answer in time; is this the broker, and is it running?");
        } catch (ConnectException e) {
            throw new Stopped(base + ": no connection; is the broker running there?");
        } catch (IOException e) {
            throw new Stopped(base + ": no usable answer (" + e.getClass().getSimpleName() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped("interrupted");
        }
    }
}
