package dev.xaabroker.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The tokens of a proof as JSON, for sealing; the rotated refresh token has its own column. */
final class ProofJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProofJson() {}

    static byte[] write(@Nullable Secret idToken, @Nullable Secret accessToken) {
        ObjectNode root = JSON.createObjectNode();
        if (idToken != null) {
            root.put("id_token", idToken.reveal());
        }
        if (accessToken != null) {
            root.put("access_token", accessToken.reveal());
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Proof read(byte[] json, Identity identity, Instant at) {
        try {
            JsonNode root = JSON.readTree(json);
            return new Proof(identity, null, secret(root, "id_token"), secret(root, "access_token"), at);
        } catch (IOException corrupt) {
            throw new UncheckedIOException(corrupt);
        }
    }

    private static @Nullable Secret secret(JsonNode root, String name) {
        JsonNode value = root.get(name);
        return value == null ? null : Secret.of(value.asText());
    }
}
