package dev.xaabroker.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Just enough of a broker to show that the walk's commands are right without waiting for the real one. */
final class StandInBroker implements AutoCloseable {

    private final LocalServer server = new LocalServer(0);
    private final DemoWorld world;
    private final ClientCheck clients = new ClientCheck(url(), url());
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private final Map<String, String> cache = new ConcurrentHashMap<>();

    StandInBroker(DemoWorld world) {
        this.world = world;
        clients.register(RegisteredClient.basic("cursor", PolicyFile.CURSOR_SECRET));
        world.files().register(RegisteredClient.basic("acme-broker", "stand-in"));
        server.route("/oauth2/token", "connect", this::connect);
        server.start();
    }

    String url() {
        return server.baseUrl();
    }

    private void connect(Call call) throws IOException {
        clients.authenticate(call, AssertionRules.RFC7523BIS);
        String subject = call.required("subject_token");
        Map<String, Object> answer = new LinkedHashMap<>();
        String refreshToken = refreshTokens.getOrDefault(subject, subject);
        if (!refreshTokens.containsKey(subject)) {
            String handle = SsoSessions.random("xaas_");
            refreshTokens.put(handle, subject);
            answer.put("refresh_token", handle);
        }
        if (!cache.containsKey(refreshToken) || "no-cache".equals(call.header("Cache-Control"))) {
            HttpForm.Answer refreshed =
                    atIdp("refresh_token").with("refresh_token", refreshToken).post(idp());
            if (refreshed.status() != 200) {
                throw OAuthProblem.of("invalid_grant", "the session has ended");
            }
            if (!groups(refreshed.text("id_token")).contains("engineering")) {
                call.json(400, Map.of("error", "invalid_target", "reason", "user-not-in-group"));
                return;
            }
            cache.put(refreshToken, token(refreshed.text("id_token"), call.required("resource")));
        }
        answer.put("access_token", cache.get(refreshToken));
        call.json(200, answer);
    }

    private String token(String idToken, String resource) throws IOException {
        String idJag = atIdp(TokenType.TOKEN_EXCHANGE)
                .with("requested_token_type", TokenType.ID_JAG)
                .with("audience", world.files().issuer())
                .with("resource", resource)
                .with("scope", "files.read")
                .with("subject_token", idToken)
                .with("subject_token_type", TokenType.ID_TOKEN)
                .post(idp())
                .text("access_token");
        return HttpForm.of("grant_type", TokenType.JWT_BEARER, "assertion", idJag)
                .basic("acme-broker", "stand-in")
                .post(world.files().tokenEndpoint())
                .text("access_token");
    }

    private String idp() {
        return world.identityProvider().tokenEndpoint();
    }

    private static HttpForm atIdp(String grant) {
        return HttpForm.of("grant_type", grant).basic("cursor-at-idp", PolicyFile.CURSOR_IDP_SECRET);
    }

    private static List<?> groups(String idToken) {
        String payload = idToken.substring(idToken.indexOf('.') + 1, idToken.lastIndexOf('.'));
        String json = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        return (List<?>) Json.read(json).get("groups");
    }

    @Override
    public void close() {
        server.close();
    }
}
