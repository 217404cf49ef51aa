package dev.xaabroker.oauth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.Registrations;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.JwkSets;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;

/** What the broker publishes about itself: only the endpoints and methods that exist (RFC 8414 s2; RULES J2, J5). */
@Path("/")
public class MetadataEndpoint {

    private static final String CACHED = "public, max-age=300";

    private final OAuthConfig config;
    private final Registrations registrations;

    MetadataEndpoint(OAuthConfig config, Registrations registrations) {
        this.config = config;
        this.registrations = registrations;
    }

    /** RFC 8414 s3.2. For an issuer with a path, a reverse proxy maps the path-inserted location here. */
    @GET
    @Path(".well-known/oauth-authorization-server")
    @Produces(MediaType.APPLICATION_JSON)
    public Response metadata() {
        String base = config.issuer().endsWith("/")
                ? config.issuer().substring(0, config.issuer().length() - 1)
                : config.issuer();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("issuer", config.issuer());
        document.put("token_endpoint", base + "/oauth2/token");
        document.put("revocation_endpoint", base + "/oauth2/revoke");
        document.put("jwks_uri", base + "/oauth2/jwks");
        document.set("response_types_supported", strings(List.of()));
        document.set(
                "grant_types_supported", strings(List.of(TokenRequest.TOKEN_EXCHANGE, TokenRequest.REFRESH_TOKEN)));
        for (String endpoint : List.of("token_endpoint", "revocation_endpoint")) {
            document.set(
                    endpoint + "_auth_methods_supported",
                    strings(List.of("private_key_jwt", "client_secret_basic", "client_secret_post")));
            document.set(
                    endpoint + "_auth_signing_alg_values_supported",
                    strings(List.of("RS256", "PS256", "ES256", "EdDSA")));
        }
        return Response.ok(document.toString()).header("Cache-Control", CACHED).build();
    }

    /** The public halves of the keys that sign the broker's client assertions (RFC 7517 s5). */
    @GET
    @Path("oauth2/jwks")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response keys() {
        try {
            return Response.ok(JwkSets.publish(registrations.signingKeys()))
                    .header("Cache-Control", CACHED)
                    .build();
        } catch (Refusal refusal) {
            return TokenAnswer.error(
                    OAuthError.of(refusal.failure()), UUID.randomUUID().toString());
        }
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(array::add);
        return array;
    }
}
