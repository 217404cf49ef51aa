package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.User;
import dev.xaabroker.policy.Policy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody wants explained: the body of {@code POST /admin/policy/explain}.
 *
 * @param server the name of a server entry, or a resource as a client would send it
 * @param scopes absent asks for what the connections give
 * @param user made up by the asker; absent asks what holds for somebody of whom nothing is known
 */
record Question(String client, String server, Optional<Scopes> scopes, Optional<Identity> user, Instant at) {

    /**
     * Reads a body.
     *
     * @throws Problem.Stopped that names the field
     */
    static Question read(Input body, Instant now) {
        body.only("user", "client", "server", "scopes");
        return new Question(
                body.required("client"),
                body.required("server"),
                body.texts("scopes").map(Question::scopes),
                body.object("user").map(user -> user(user, now)),
                now);
    }

    private static Scopes scopes(List<String> values) {
        try {
            return Scopes.of(values);
        } catch (IllegalArgumentException malformed) {
            throw Problem.field("scopes", "one of them is not a scope value (RFC 6749 s3.3)")
                    .stop();
        }
    }

    private static Identity user(Input user, Instant now) {
        user.only("groups", "acr", "authAge", "attributes");
        return new Identity(
                new User("explain"),
                null,
                new LinkedHashSet<>(user.texts("groups").orElse(List.of())),
                user.object("attributes").map(Question::attributes).orElse(Map.of()),
                user.text("acr").orElse(null),
                user.duration("authAge").map(now::minus).orElse(null));
    }

    /** Each a string, or an array of strings. */
    private static Map<String, List<String>> attributes(Input attributes) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> attribute : attributes.node().properties()) {
            String path = "user.attributes." + attribute.getKey();
            JsonNode value = attribute.getValue();
            values.put(attribute.getKey(), value.isTextual() ? List.of(value.textValue()) : Input.texts(value, path));
        }
        return values;
    }

    Policy.Query query(Policy policy) {
        String resource = policy.servers().stream()
                .filter(entry -> entry.name().equals(server))
                .findFirst()
                .map(Server::resource)
                .orElse(server);
        return new Policy.Query(
                policy.client(client).orElseGet(() -> stranger(client)), resource, Optional.empty(), scopes, at);
    }

    /** A client that no entry registers, for the policy to say so. It can prove itself nowhere. */
    private static Client stranger(String id) {
        return new Client(
                id,
                "",
                Status.DISABLED,
                new ClientAuth.PrivateKeyJwt("{\"keys\":[]}"),
                "",
                new Credentials.SecretPost("", Secret.of("none")));
    }
}
