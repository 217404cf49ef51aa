package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.JwtDraft;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import dev.xaabroker.testing.Signaller;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OIDC Back-Channel Logout, with a demo IdP that really signs. */
class LogoutSignalIT implements OverSignals {

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(
                Signaller.listening("backchannel-logout"), Map.of("xaa.exchange.refresh-interval", "PT0.001S"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static void assertDone(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.asString()).isEmpty();
    }

    @Test
    @Rules({"H3", "H4", "F6"})
    void aSidEndsThatSessionAtAllClientsAndNoOther() throws Exception {
        Held ended = hold("cursor", DemoUser.ALICE);
        Held sameBrowser = hold(
                "vscode", world.idp().loginAgain("vscode-at-idp", ended.tokens().sid()));
        Held otherBrowser = hold("vscode", DemoUser.ALICE);
        Held bob = hold("cursor", DemoUser.BOB);

        assertDone(idp().logout(
                        idp().logoutToken(DemoUser.ALICE, ended.tokens().sid()).sign()));

        assertOver(ended);
        assertOver(sameBrowser);
        assertLives(otherBrowser);
        assertLives(bob);
        Seconds.awaitNext();
        assertLives(hold("cursor", DemoUser.ALICE));
    }

    @Test
    @Rules({"H3", "H4"})
    void aSidAloneIsEnough() {
        Held ended = hold("cursor", DemoUser.ALICE);
        Held other = hold("vscode", DemoUser.ALICE);

        assertDone(idp().logout(idp().logoutToken(null, ended.tokens().sid()).sign()));

        assertOver(ended);
        assertLives(other);
    }

    @Test
    @Rules({"H3", "H4"})
    void aSubAloneEndsAllOfThatUser() throws Exception {
        Held one = hold("cursor", DemoUser.ALICE);
        Held two = hold("vscode", DemoUser.ALICE);
        Held bob = hold("cursor", DemoUser.BOB);

        assertDone(idp().logout(idp().logoutToken(DemoUser.ALICE, null).sign()));

        assertOver(one);
        assertOver(two);
        assertLives(bob);
        Seconds.awaitNext();
        assertLives(hold("cursor", DemoUser.ALICE));
    }

    @Test
    @Rules("H3")
    void aTokenThatComesAgainIsAcknowledgedAndActsOnce() throws Exception {
        hold("cursor", DemoUser.ALICE);
        String token = idp().logoutToken(DemoUser.ALICE, null).sign();
        assertDone(idp().logout(token));
        Seconds.awaitNext();
        Held after = hold("cursor", DemoUser.ALICE);

        assertDone(idp().logout(token));

        assertLives(after);
    }

    @Test
    @Rules("H3")
    void whoIsNotLoggedInIsLoggedOutAlready() {
        assertDone(idp().logout(idp().logoutToken(null, "a-sid-of-nobody").sign()));
    }

    @Test
    @Rules("C6")
    void aKeyThatIsNewAtTheIdentityProviderIsFetched() {
        Held login = hold("cursor", DemoUser.ALICE);
        world.idp().rotateKey(false);

        assertDone(idp().logout(
                        idp().logoutToken(DemoUser.ALICE, login.tokens().sid()).sign()));

        assertOver(login);
    }

    private void assertChangesNothing(Response answer, Held login) {
        assertRefused(answer, 400, Map.of("error", "invalid_request"));
        assertThat(answer.<String>path("error_description")).isNotBlank();
        assertLives(login);
    }

    @ParameterizedTest
    @Rules({"H3", "K3"})
    @EnumSource(
            names = {
                "WRONG_TYP",
                "NO_TYP",
                "AUD_ARRAY_OF_ONE",
                "NO_EXP",
                "WRONG_CLIENT_ID",
                "NO_CLIENT_ID",
                "WRONG_AZP",
                "OTHER_RESOURCE",
                "MORE_RESOURCES",
                "EMPTY_RESOURCE",
                "NO_RESOURCE",
                "EXTRA_SCOPE",
                "NO_SCOPE",
                "OTHER_SUBJECT",
                "NO_SUB"
            },
            mode = EnumSource.Mode.EXCLUDE)
    void aForgedOrMalformedTokenChangesNothing(JwtFlaw flaw) {
        Held login = hold("cursor", DemoUser.ALICE);
        JwtDraft token = idp().logoutToken(DemoUser.ALICE, login.tokens().sid());

        assertChangesNothing(idp().logout(token.with(flaw).sign()), login);
    }

    @Test
    @Rules({"H3", "K3"})
    void aTokenOfTheWrongKindOrForSomebodyElseChangesNothing() {
        Held login = hold("cursor", DemoUser.ALICE);
        List<Consumer<JwtDraft>> wrongs = List.of(
                token -> token.claim("aud", "somebody-else-at-idp"),
                token -> token.claim("aud", world.issuer()),
                token -> token.claim("nonce", "n"),
                token -> token.claim("events", null),
                token -> token.claim("events", Signaller.LOGOUT),
                token -> token.claim("events", Map.of(Signaller.CAEP + "session-revoked", Map.of())),
                token -> token.claim("events", Map.of(Signaller.LOGOUT, true)),
                token -> token.claim("sub", null).claim("sid", null),
                token -> token.claim("sub", 7),
                token -> token.claim("iat", System.currentTimeMillis() / 1000 - 400),
                token -> token.claim("typ", "Bearer"),
                token -> token.header.put("typ", "secevent+jwt"));
        for (Consumer<JwtDraft> wrong : wrongs) {
            JwtDraft token = idp().logoutToken(DemoUser.ALICE, login.tokens().sid());
            wrong.accept(token);
            assertChangesNothing(idp().logout(token.sign()), login);
        }
        assertChangesNothing(idp().logout(login.tokens().idToken()), login);
        assertChangesNothing(
                idp().logout(idp().sessionRevoked(DemoUser.ALICE)
                        .claim("aud", "cursor-at-idp")
                        .sign()),
                login);
        assertChangesNothing(
                idp().logout(idp().revocationRequest()
                        .claim("aud", "cursor-at-idp")
                        .sign()),
                login);
    }

    @Test
    @Rules("H3")
    void aRequestThatIsNoLogoutRequestChangesNothing() {
        Held login = hold("cursor", DemoUser.ALICE);
        String token = idp().logoutToken(DemoUser.ALICE, login.tokens().sid()).sign();

        assertChangesNothing(idp().form(""), login);
        assertChangesNothing(idp().form("logout_token="), login);
        assertChangesNothing(idp().form("token=" + token), login);
        assertChangesNothing(idp().form("logout_token=" + token + "&logout_token=" + token), login);
        assertChangesNothing(idp().form("logout_token=%zz"), login);
        assertChangesNothing(idp().form("logout_token=x.y.z"), login);
        assertChangesNothing(
                idp().post("backchannel-logout", "application/json", Map.of(), "{\"logout_token\":\"" + token + "\"}"),
                login);
        assertThat(idp().form("logout_token=" + "x".repeat(66_000)).statusCode())
                .isEqualTo(413);
        assertThat(world.get("/signals/backchannel-logout/corp").statusCode()).isEqualTo(405);
        assertLives(login);
    }

    @ParameterizedTest
    @Rules("H3")
    @ValueSource(strings = {"backchannel-logout/nobody", "ssf/corp", "revocation/corp", "backchannel-logout/corp%0Ax"})
    void aDoorThatTheEntryDoesNotOpenIsShut(String path) {
        Held login = hold("cursor", DemoUser.ALICE);
        String token = idp().logoutToken(DemoUser.ALICE, login.tokens().sid()).sign();

        Response answer = idp().post(path, "application/x-www-form-urlencoded", Map.of(), "logout_token=" + token);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertLives(login);
    }

    @Test
    @Rules("K5")
    void nothingOfATokenIsInALogOrAnswer() throws Exception {
        Held login = hold("cursor", DemoUser.ALICE);
        String token = idp().logoutToken(DemoUser.ALICE, login.tokens().sid()).sign();
        String bad = token.substring(0, token.length() - 5) + "AAAAA";
        Response refused = idp().logout(bad);
        assertDone(idp().logout(token));

        for (String part : token.split("\\.", -1)) {
            assertThat(refused.asString()).doesNotContain(part);
            assertThat(world.broker().log()).doesNotContain(part);
        }
        assertThat(world.broker().log())
                .doesNotContain(DemoUser.ALICE.sub())
                .doesNotContain(login.tokens().sid());
    }
}
