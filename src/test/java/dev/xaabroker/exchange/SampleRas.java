package dev.xaabroker.exchange;

import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.exchange.LoopbackPeer.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A resource authorization server that issues opaque tokens. Each test bends what it needs. */
final class SampleRas implements AutoCloseable {

    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    final LoopbackPeer http = new LoopbackPeer();
    final Map<String, Object> metadata = new HashMap<>();
    final Map<String, Object> answer =
            new HashMap<>(Map.of("access_token", "ras-token", "token_type", "Bearer", "expires_in", 300));
    final BlockingQueue<Request> revocations = new LinkedBlockingQueue<>();
    Reply instead;

    SampleRas() {
        metadata.put("issuer", issuer());
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("revocation_endpoint", issuer() + "/revoke");
        metadata.put("grant_types_supported", List.of(JWT_BEARER));
        metadata.put("authorization_grant_profiles_supported", List.of("urn:ietf:params:oauth:grant-profile:id-jag"));
        metadata.put(
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_basic", "client_secret_post", "private_key_jwt"));
        http.on("/.well-known/oauth-authorization-server", request -> Reply.json(200, metadata));
        http.on("/token", request -> instead != null ? instead : Reply.json(200, answer));
        http.on("/revoke", request -> {
            revocations.add(request);
            return Reply.json(200, Map.of());
        });
    }

    String issuer() {
        return http.url();
    }

    List<Request> tokenRequests() {
        return http.to("/token");
    }

    Request lastTokenRequest() {
        return tokenRequests().getLast();
    }

    int metadataRequests() {
        return http.to("/.well-known/oauth-authorization-server").size();
    }

    @Override
    public void close() {
        http.close();
    }
}
