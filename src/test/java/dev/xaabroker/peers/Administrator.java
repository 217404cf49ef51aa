package dev.xaabroker.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.peers.Enterprise.Person;
import dev.xaabroker.peers.Http.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.Consumer;

/** The administrator of the realm {@code enterprise}: what they do in the console, over the API that it uses. */
final class Administrator {
    private final KeycloakServer keycloak;

    Administrator(KeycloakServer keycloak) {
        this.keycloak = keycloak;
    }

    /** Not-before counts in whole seconds: a login in the same second would outlive what ends it. */
    static void awaitTheNextSecond() {
        try {
            Thread.sleep(1_100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Users, NAME, Sign out: ends all sessions of a user. */
    void logsOut(Person person) {
        send(Http.json("POST", realm() + "/users/" + person.id() + "/logout", Map.of()));
    }

    /** Sessions, Sign out: ends one session. */
    void deletesSession(String session) {
        send(Http.json("DELETE", realm() + "/sessions/" + session + "?isOffline=false", Map.of()));
    }

    /** Users, NAME, the switch "Enabled". */
    void enables(Person person, boolean enabled) {
        change("/users/" + person.id(), user -> user.put("enabled", enabled));
    }

    /** Users, NAME, Credentials, Reset password: to what it was, which is as good as another here. */
    void resetsPassword(Person person, boolean temporary) {
        send(Http.json(
                "PUT",
                realm() + "/users/" + person.id() + "/reset-password",
                Map.of("type", "password", "value", person.password(), "temporary", temporary)));
    }

    /** Sessions, Revocation: no token of the realm from before that second counts; zero takes it back. */
    void setsNotBefore(long epochSecond) {
        change("", realm -> realm.put("notBefore", epochSecond));
    }

    /** Clients, CLIENT, Settings, Logout settings: where the realm posts its logout tokens. */
    void sendsLogoutTokens(String clientId, String url) {
        JsonNode client = read(realm() + "/clients?" + Http.query(Map.of("clientId", clientId)))
                .get(0);
        change("/clients/" + client.path("id").asText(), changed -> changed.withObject("/attributes")
                .put("backchannel.logout.url", url)
                .put("backchannel.logout.session.required", "true"));
    }

    private void change(String path, Consumer<ObjectNode> edit) {
        ObjectNode representation = (ObjectNode) read(realm() + path);
        edit.accept(representation);
        send(Http.json("PUT", realm() + path, representation));
    }

    private JsonNode read(String url) {
        return Http.json(send(Http.get(url))).body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpResponse<String> answer = Http.send(request.header("Authorization", "Bearer " + token()));
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    answer.uri() + " was answered with " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private String realm() {
        return keycloak.base() + "/admin/realms/enterprise";
    }

    private String token() {
        Answer answer = Http.json(Http.send(Http.formPost(
                keycloak.tokenEndpoint("master"),
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        KeycloakServer.ADMIN,
                        "password",
                        KeycloakServer.ADMIN_PASSWORD))));
        return answer.text("access_token");
    }
}
