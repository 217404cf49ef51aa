package dev.xaabroker.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.peers.Enterprise.Person;
import dev.xaabroker.peers.Http.Answer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The broker between two realms of a stock Keycloak: real logins in, tokens that the MCP realm stands by out. */
@QuarkusTest
@WithTestResource(KeycloakResource.class)
@Tag("peers")
class KeycloakConnectTest {
    KeycloakServer keycloak;

    @TestHTTPResource("/oauth2/token")
    String tokenEndpoint;

    private Enterprise enterprise;
    private McpRealm mcp;
    private Editor editor;

    @BeforeEach
    void meetKeycloak() {
        enterprise = new Enterprise(keycloak);
        mcp = new McpRealm(keycloak);
        editor = new Editor(tokenEndpoint);
    }

    @Test
    void aRealLoginYieldsATokenThatTheMcpRealmCallsActive() {
        String refreshToken = enterprise.logIn(Person.ALICE).refreshToken();

        Answer answer = editor.connects(refreshToken);

        assertThat(answer.status()).as(answer.refusal()).isEqualTo(200);
        assertThat(answer.text("token_type")).isEqualTo("Bearer");
        assertThat(answer.text("issued_token_type")).isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(answer.text("scope")).isEqualTo("files.read");
        assertThat(answer.body().path("expires_in").asInt()).isBetween(1, 300);
        assertThat(answer.text("refresh_token")).startsWith("xaas_");
        Answer introspection = mcp.introspect(answer.text("access_token"));
        assertThat(introspection.body().path("active").asBoolean()).isTrue();
        assertThat(introspection.text("username")).isEqualTo("alice");
        assertThat(introspection.text("scope")).isEqualTo("files.read");
    }

    @Test
    void theHandleConnectsSilently() {
        Answer adopted = editor.connects(enterprise.logIn(Person.ALICE).refreshToken());
        List<String> before = mcp.requests();

        Answer cached = editor.connects(adopted.text("refresh_token"));

        assertThat(cached.status()).as(cached.refusal()).isEqualTo(200);
        assertThat(cached.text("access_token")).isEqualTo(adopted.text("access_token"));
        assertThat(mcp.requests()).isEqualTo(before);
    }

    @Test
    void anUncachedConnectTakesAFreshToken() {
        Answer adopted = editor.connects(enterprise.logIn(Person.ALICE).refreshToken());

        Answer fresh = editor.connectsUncached(adopted.text("refresh_token"));

        assertThat(fresh.status()).as(fresh.refusal()).isEqualTo(200);
        assertThat(fresh.text("access_token")).isNotEqualTo(adopted.text("access_token"));
        assertThat(mcp.introspect(fresh.text("access_token"))
                        .body()
                        .path("active")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void afterTheAdminLogsTheUserOutTheNextConnectEndsAtTheIdentityProvider() {
        String handle =
                editor.connects(enterprise.logIn(Person.ALICE).refreshToken()).text("refresh_token");
        Administrator.awaitTheNextSecond();
        new Administrator(keycloak).logsOut(Person.ALICE);
        List<String> before = mcp.requests();

        Answer refused = editor.connectsUncached(handle);

        assertThat(refused.status()).as(refused.refusal()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("invalid_grant");
        assertThat(refused.body().has("access_token")).isFalse();
        assertThat(mcp.requests()).isEqualTo(before);
        assertThat(editor.connects(handle).text("error"))
                .as("the session has ended, so its cached token has too")
                .isEqualTo("invalid_grant");
    }

    @Test
    void aUserOutsideTheGroupIsRefusedBeforeTheMcpRealmIsAsked() {
        String refreshToken = enterprise.logIn(Person.BOB).refreshToken();
        List<String> before = mcp.requests();

        Answer refused = editor.connects(refreshToken);

        assertThat(refused.status()).as(refused.refusal()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("invalid_target");
        assertThat(refused.text("reason")).isEqualTo("user-not-in-group");
        assertThat(refused.body().has("access_token")).isFalse();
        assertThat(mcp.requests()).isEqualTo(before);
    }
}
