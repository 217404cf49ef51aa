package dev.xaabroker.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An identity as JSON, for sealing. By hand, so that the native image needs no reflection for it. */
final class IdentityJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private IdentityJson() {}

    static byte[] write(Identity identity) {
        ObjectNode root = JSON.createObjectNode().put("user", identity.user().pseudonym());
        root.put("idpSession", identity.idpSession());
        root.put("acr", identity.acr());
        Instant authTime = identity.authTime();
        root.put("authTime", authTime == null ? null : authTime.toString());
        root.put("claimsKnown", identity.claimsKnown());
        root.put("emailHash", identity.emailHash());
        ArrayNode groups = root.putArray("groups");
        identity.groups().forEach(groups::add);
        ObjectNode attributes = root.putObject("attributes");
        identity.attributes().forEach((name, values) -> {
            ArrayNode array = attributes.putArray(name);
            values.forEach(array::add);
        });
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Identity read(byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            Map<String, List<String>> attributes = new LinkedHashMap<>();
            root.path("attributes")
                    .properties()
                    .forEach(entry -> attributes.put(entry.getKey(), texts(entry.getValue())));
            String authTime = text(root, "authTime");
            return new Identity(
                    new User(root.path("user").asText()),
                    text(root, "idpSession"),
                    new LinkedHashSet<>(texts(root.path("groups"))),
                    attributes,
                    text(root, "acr"),
                    authTime == null ? null : Instant.parse(authTime),
                    root.path("claimsKnown").asBoolean(true),
                    text(root, "emailHash"));
        } catch (IOException corrupt) {
            throw new UncheckedIOException(corrupt);
        }
    }

    private static @Nullable String text(JsonNode root, String name) {
        return root.path(name).textValue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }
}
