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

    static byte[] write(Secret idToken, @Nullable Secret accessToken) {
        ObjectNode root = JSON.createObjectNode().put("id_token", idToken.reveal());
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
            JsonNode accessToken = root.get("access_token");
            return new Proof(
                    identity,
                    null,
                    Secret.of(root.path("id_token").asText()),
                    accessToken == null ? null : Secret.of(accessToken.asText()),
                    at);
        } catch (IOException corrupt) {
            throw new UncheckedIOException(corrupt);
        }
    }
}
