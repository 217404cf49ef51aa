package dev.xaabroker.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * An issued token with what it was issued for, to be compared when it is read.
 *
 * @param epoch the login's epoch when the flight began; the caller compares it with the current one
 * @param end when we stop handing it out
 */
public record CachedToken(User user, String clientId, String resource, long epoch, AccessToken token, Instant end) {

    private static final ObjectMapper JSON = new ObjectMapper();

    boolean isFor(CacheKey key) {
        return user.equals(key.user()) && clientId.equals(key.clientId()) && resource.equals(key.resource());
    }

    byte[] toBytes() {
        ObjectNode node = JSON.createObjectNode();
        node.put("user", user.pseudonym());
        node.put("client", clientId);
        node.put("resource", resource);
        node.put("epoch", epoch);
        node.put("end", end.toString());
        node.put("value", token.value().reveal());
        node.put("type", token.type());
        node.put("scope", token.scopes().toString());
        node.put("issued", token.issued().toString());
        node.put("lifetime", token.upstreamLifetime().toString());
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static CachedToken fromBytes(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
            AccessToken token = new AccessToken(
                    Secret.of(text(node, "value")),
                    text(node, "type"),
                    Scopes.parse(text(node, "scope")),
                    Instant.parse(text(node, "issued")),
                    Duration.parse(text(node, "lifetime")));
            return new CachedToken(
                    new User(text(node, "user")),
                    text(node, "client"),
                    text(node, "resource"),
                    node.path("epoch").asLong(-1),
                    token,
                    Instant.parse(text(node, "end")));
        } catch (JsonProcessingException | java.time.DateTimeException e) {
            throw new IllegalArgumentException("not a cached token");
        }
    }

    private static String text(JsonNode node, String name) {
        JsonNode member = node.get(name);
        if (member == null || !member.isTextual()) {
            throw new IllegalArgumentException("not a cached token");
        }
        return member.textValue();
    }
}
