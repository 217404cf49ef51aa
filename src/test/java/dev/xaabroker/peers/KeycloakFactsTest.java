package dev.xaabroker.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.peers.Enterprise.Login;
import dev.xaabroker.peers.Enterprise.Person;
import dev.xaabroker.peers.Http.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What profile {@code keycloak} relies on, seen on a stock Keycloak without the broker. */
@Tag("peers")
class KeycloakFactsTest {
    private static KeycloakServer keycloak;
    private static Enterprise enterprise;
    private static McpRealm mcp;

    @BeforeAll
    static void start() {
        keycloak = KeycloakServer.start();
        enterprise = new Enterprise(keycloak);
        mcp = new McpRealm(keycloak);
    }

    @AfterAll
    static void stop() {
        keycloak.close();
    }

    @Test
    void turnsALoginIntoATokenOfTheMcpRealm() {
        String accessToken = refresh(enterprise.logIn(Person.ALICE)).text("access_token");

        Answer assertion = exchange(accessToken, "urn:ietf:params:oauth:token-type:access_token");
        Answer token = mcp.redeem(assertion.text("access_token"));

        assertThat(assertion.text("issued_token_type")).isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(assertion.text("scope").split(" "))
                .as("the client scopes that Keycloak adds by itself stand in the answer too")
                .containsExactlyInAnyOrder("files.read", "email");
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body().path("expires_in").asInt()).isBetween(1, 300);
        assertThat(token.body().has("refresh_token")).isFalse();
        Answer introspection = mcp.introspect(token.text("access_token"));
        assertThat(introspection.body().path("active").asBoolean()).isTrue();
        assertThat(introspection.text("username")).isEqualTo("alice");
        assertThat(introspection.text("scope")).isEqualTo("files.read");
    }

    @Test
    void takesNeitherAnIdTokenNorARefreshTokenAsSubject() {
        Login login = enterprise.logIn(Person.ALICE);

        Answer withIdToken = exchange(login.idToken(), "urn:ietf:params:oauth:token-type:id_token");
        Answer withRefreshToken = exchange(login.refreshToken(), "urn:ietf:params:oauth:token-type:refresh_token");

        assertThat(withIdToken.text("error")).isEqualTo("invalid_request");
        assertThat(withRefreshToken.text("error")).isEqualTo("invalid_request");
    }

    @Test
    void theMcpRealmTakesAnAssertionOnce() {
        String accessToken = refresh(enterprise.logIn(Person.ALICE)).text("access_token");
        String assertion = exchange(accessToken, "urn:ietf:params:oauth:token-type:access_token")
                .text("access_token");

        Answer first = mcp.redeem(assertion);
        Answer second = mcp.redeem(assertion);

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void anAdminsLogoutEndsTheRefreshTokenAndTheExchange() {
        Login login = enterprise.logIn(Person.BOB);
        String accessToken = refresh(login).text("access_token");

        Administrator.awaitTheNextSecond();
        new Administrator(keycloak).logsOut(Person.BOB);

        Answer refreshed = refresh(login);
        assertThat(refreshed.status()).isEqualTo(400);
        assertThat(refreshed.text("error")).isEqualTo("invalid_grant");
        Answer exchanged = exchange(accessToken, "urn:ietf:params:oauth:token-type:access_token");
        assertThat(exchanged.status()).isEqualTo(400);
        assertThat(exchanged.text("error")).isEqualTo("invalid_request");
    }

    @Test
    void aPasswordThatAnAdministratorResetsEndsNoLogin() {
        Login login = enterprise.logIn(Person.BOB);

        new Administrator(keycloak).resetsPassword(Person.BOB, false);

        assertThat(refresh(login).status()).isEqualTo(200);
    }

    @Test
    void revokingARefreshTokenEndsItsOwnLoginAlone() {
        Login login = enterprise.logIn(Person.BOB);
        Login other = enterprise.logIn(Person.BOB);

        Answer revoked = enterprise.revoke(login.refreshToken());

        assertThat(revoked.status()).isEqualTo(200);
        assertThat(refresh(login).text("error")).isEqualTo("invalid_grant");
        assertThat(refresh(other).status()).isEqualTo(200);
    }

    @Test
    void revokingATokenOfALoginThatIsOverIsAnErrorAnsweredWith200() {
        Login login = enterprise.logIn(Person.BOB);
        enterprise.revoke(login.refreshToken());

        Answer again = enterprise.revoke(login.refreshToken());

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("error")).isEqualTo("invalid_token");
    }

    @Test
    void theAccessLogShowsWhatReachesARealm() {
        int before = mcp.requests().size();

        mcp.redeem("nonsense");

        assertThat(mcp.requests().subList(before, mcp.requests().size()))
                .containsExactly("POST /realms/mcp/protocol/openid-connect/token 400");
    }

    private static Answer refresh(Login login) {
        return enterprise.token(Map.of("grant_type", "refresh_token", "refresh_token", login.refreshToken()));
    }

    private static Answer exchange(String subjectToken, String subjectTokenType) {
        return enterprise.token(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token",
                subjectToken,
                "subject_token_type",
                subjectTokenType,
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:access_token",
                "audience",
                mcp.issuer(),
                "scope",
                "files.read"));
    }
}
