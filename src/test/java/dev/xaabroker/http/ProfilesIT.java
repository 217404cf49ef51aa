package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both legs at each kind of IdP, each client authentication, each store. */
class ProfilesIT {

    private static final List<String> CLIENTS = List.of("cursor", "vscode", "claude-code");

    private static BrokerWorld world(String profile, String stores) throws Exception {
        Map<String, String> none = Map.of();
        return stores.equals("embedded")
                ? BrokerWorld.embedded(policy -> policy.replace("profile: id-jag", "profile: " + profile), none)
                : BrokerWorld.real(policy -> policy.replace("profile: id-jag", "profile: " + profile), none);
    }

    private static IdpBehaviour behaviour(String profile) {
        return switch (profile) {
            case "okta" -> IdpBehaviour.oktaLike();
            case "keycloak" -> IdpBehaviour.keycloak();
            default -> IdpBehaviour.strict04();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "id-jag, embedded",
        "okta, embedded",
        "keycloak, embedded",
        "id-jag, real",
        "okta, real",
        "keycloak, real"
    })
    @Rules({"B1", "B5", "B6"})
    void connectsEachClientThroughEachProfile(String profile, String stores) throws Exception {
        try (BrokerWorld world = world(profile, stores)) {
            world.idp().behaviour = behaviour(profile);
            world.demo().files().behaviour.acceptsPlainJwt = profile.equals("keycloak");
            world.demo().wiki().behaviour.acceptsPlainJwt = profile.equals("keycloak");
            for (String client : CLIENTS) {
                String idpClient = client.equals("claude-code") ? "claude-at-idp" : client + "-at-idp";
                String token = world.idp().login(idpClient, DemoUser.ALICE).refreshToken();
                for (var ras : List.of(world.demo().files(), world.demo().wiki())) {
                    Response answer = world.as(client)
                            .refreshToken(token)
                            .to(ras.resource())
                            .send();

                    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
                    assertThat(answer.<Integer>path("expires_in")).isBetween(1, 300);
                    assertThat(ras.standing(answer.path("access_token"))
                                    .orElseThrow()
                                    .subject())
                            .isEqualTo(DemoUser.ALICE.sub());
                    Map<String, String> entry =
                            world.ledger(answer.header("X-Request-Id")).get(0);
                    assertThat(entry).containsEntry("decision", "allowed").containsEntry("client", client);
                    assertThat(entry.get("weaker")
                                    .toLowerCase(java.util.Locale.ROOT)
                                    .startsWith("t"))
                            .isEqualTo(profile.equals("keycloak"));
                }
            }
            String subjectType = world.idp().recording().last("token-exchange").param("subject_token_type");
            assertThat(subjectType)
                    .endsWith(
                            switch (profile) {
                                case "okta" -> ":refresh_token";
                                case "keycloak" -> ":access_token";
                                default -> ":id_token";
                            });
            assertThat(world.idp().unexpectedParameters()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"id-jag", "okta", "keycloak"})
    @Rules({"B10", "H12"})
    void endsTheSessionAtEachKindOfIdp(String profile) throws Exception {
        try (BrokerWorld world = world(profile, "embedded")) {
            world.idp().behaviour = behaviour(profile);
            world.demo().files().behaviour.acceptsPlainJwt = profile.equals("keycloak");
            var tokens = world.idp().login("cursor-at-idp", DemoUser.ALICE);
            String handle = world.as("cursor")
                    .refreshToken(tokens.refreshToken())
                    .toFiles()
                    .send()
                    .path("refresh_token");
            world.idp().endSession(tokens.sid());
            int redeemed = world.demo().files().count("jwt-bearer");

            Response answer =
                    world.as("cursor").refreshToken(handle).toFiles().fresh().send();

            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
            assertThat(world.demo().files().count("jwt-bearer")).isEqualTo(redeemed);
        }
    }
}
