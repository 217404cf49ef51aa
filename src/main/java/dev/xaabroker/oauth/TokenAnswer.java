package dev.xaabroker.oauth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.Connected;
import dev.xaabroker.grant.Secret;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What the token endpoint sends (RFC 6749 s5.1, s5.2; RFC 8693 s2.2): JSON, never stored by anyone on the way (RULES A5). */
final class TokenAnswer {

    private TokenAnswer() {}

    static Response connected(Connected connected, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("access_token", connected.accessToken().reveal());
        body.put("issued_token_type", TokenRequest.ACCESS_TOKEN_TYPE);
        body.put("token_type", connected.tokenType());
        body.put("expires_in", connected.expiresIn().toSeconds());
        body.put("scope", connected.scopes().toString());
        connected.handle().map(Secret::reveal).ifPresent(handle -> body.put("refresh_token", handle));
        return json(200, body, requestId).build();
    }

    static Response error(OAuthError error, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("error", error.error());
        body.put("error_description", error.description());
        body.put("reason", error.reason());
        error.owner().ifPresent(owner -> body.put("owner", owner));
        if (!error.acrValues().isEmpty()) {
            body.put("acr_values", error.acrValues());
        }
        if (error.maxAge() >= 0) {
            body.put("max_age", error.maxAge());
        }
        body.put("request_id", requestId);
        Response.ResponseBuilder response = json(error.status(), body, requestId);
        error.retryAfter().ifPresent(after -> response.header("Retry-After", Math.max(1, after.toSeconds())));
        return response.build();
    }

    private static Response.ResponseBuilder json(int status, ObjectNode body, String requestId) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .header("X-Request-Id", requestId)
                .entity(body.toString());
    }
}
