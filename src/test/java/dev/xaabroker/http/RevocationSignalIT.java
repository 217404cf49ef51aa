package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import dev.xaabroker.testing.Signaller;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Global Token Revocation, as Okta's Universal Logout calls it. */
class RevocationSignalIT implements OverSignals {

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(
                Signaller.listening("global-token-revocation"), Map.of("xaa.exchange.refresh-interval", "PT0.001S"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private String bySubject(DemoUser user) {
        return "{\"format\":\"iss_sub\",\"iss\":\"" + world.idp().issuer() + "\",\"sub\":\"" + user.sub() + "\"}";
    }

    private static String byEmail(String email) {
        return "{\"format\":\"email\",\"email\":\"" + email + "\"}";
    }

    private Response revoke(String body) {
        return idp().revoke(idp().revocationRequest().sign(), body);
    }

    private static void assertDone(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(204);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @Rules({"H11", "H4"})
    @ValueSource(strings = {"sub_id", "subject"})
    void aRequestEndsAllOfThatUserAndNobodyElse(String member) throws Exception {
        for (String subject : List.of(bySubject(DemoUser.ALICE), byEmail(DemoUser.ALICE.email()))) {
            Held one = hold("cursor", DemoUser.ALICE);
            Held two = hold("vscode", DemoUser.ALICE);
            Held bob = hold("cursor", DemoUser.BOB);

            assertDone(revoke("{\"" + member + "\":" + subject + "}"));

            assertOver(one);
            assertOver(two);
            assertLives(bob);
            Seconds.awaitNext();
        }
        assertLives(hold("cursor", DemoUser.ALICE));
    }

    @Test
    @Rules("H11")
    void aRequestThatComesAgainIsAcknowledgedAndActsOnceForEachUser() throws Exception {
        hold("cursor", DemoUser.ALICE);
        Held bob = hold("cursor", DemoUser.BOB);
        String bearer = idp().revocationRequest().sign();
        String body = "{\"sub_id\":" + bySubject(DemoUser.ALICE) + "}";
        assertDone(idp().revoke(bearer, body));
        Seconds.awaitNext();
        Held after = hold("cursor", DemoUser.ALICE);

        assertDone(idp().revoke(bearer, body));

        assertLives(after);
        assertDone(idp().revoke(bearer, "{\"sub_id\":" + bySubject(DemoUser.BOB) + "}"));
        // Begun after the JWT was made: bob's second login is not, his first is.
        assertOver(bob);
    }

    @ParameterizedTest
    @Rules({"H11", "K3"})
    @EnumSource(
            names = {
                "WRONG_TYP",
                "NO_TYP",
                "ACCESS_TOKEN_TYP",
                "ALG_NONE",
                "ALG_HS256",
                "ALG_NOT_OF_THE_KEY",
                "UNKNOWN_KEY",
                "BAD_SIGNATURE",
                "EMBEDDED_JWK",
                "JKU",
                "UNKNOWN_CRIT",
                "WRONG_ISS",
                "ISS_WITH_SLASH",
                "NO_ISS",
                "NO_JTI",
                "NO_IAT",
                "NO_EXP",
                "EXPIRED",
                "EXP_AS_TEXT",
                "ISSUED_IN_THE_FUTURE",
                "NOT_YET_VALID",
                "DUPLICATE_MEMBER"
            })
    void aForgedOrMalformedBearerChangesNothing(JwtFlaw flaw) {
        Held login = hold("cursor", DemoUser.ALICE);

        Response answer = idp().revoke(
                        idp().revocationRequest().with(flaw).sign(), "{\"sub_id\":" + bySubject(DemoUser.ALICE) + "}");

        assertChangesNothing(answer, 401, "invalid_token", login);
        assertThat(answer.header("WWW-Authenticate")).contains("Bearer").contains("invalid_token");
    }

    @ParameterizedTest
    @Rules("H11")
    @EnumSource(names = {"OTHER_AUD", "AUD_SLASH", "AUD_PREFIX", "TWO_AUD", "NO_AUD"})
    void aBearerForSomebodyElseHasNoRights(JwtFlaw flaw) {
        Held login = hold("cursor", DemoUser.ALICE);

        Response answer = idp().revoke(
                        idp().revocationRequest().with(flaw).sign(), "{\"sub_id\":" + bySubject(DemoUser.ALICE) + "}");

        assertChangesNothing(answer, 403, "access_denied", login);
    }

    @Test
    @Rules({"H11", "K3"})
    void anotherKindOfTokenIsNoBearer() {
        Held login = hold("cursor", DemoUser.ALICE);
        String body = "{\"sub_id\":" + bySubject(DemoUser.ALICE) + "}";
        String audience = world.issuer() + "/signals/revocation/corp";
        for (String other : List.of(
                login.tokens().idToken(),
                login.tokens().accessToken(),
                "x",
                idp().logoutToken(DemoUser.ALICE, null).claim("aud", audience).sign(),
                idp().sessionRevoked(DemoUser.ALICE).claim("aud", audience).sign(),
                world.idp().apiToken(DemoUser.ALICE, audience, List.of()))) {
            assertChangesNothing(idp().revoke(other, body), 401, "invalid_token", login);
        }
        for (Map<String, String> headers : List.of(
                Map.<String, String>of(),
                Map.of("Authorization", "Bearer "),
                Map.of("Authorization", "Basic " + idp().revocationRequest().sign()))) {
            assertChangesNothing(
                    idp().post("revocation", "application/json", headers, body), 401, "invalid_token", login);
        }
    }

    @Test
    @Rules("H11")
    void aBodyThatNamesNobodyIsRefused() {
        Held login = hold("cursor", DemoUser.ALICE);
        String subject = bySubject(DemoUser.ALICE);
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{",
                "{\"sub_id\":\"" + DemoUser.ALICE.sub() + "\"}",
                "{\"sub_id\":{}}",
                "{\"sub_id\":{\"format\":\"opaque\",\"id\":\"x\"}}",
                "{\"sub_id\":{\"format\":\"iss_sub\",\"sub\":\"x\"}}",
                "{\"sub_id\":{\"format\":\"email\",\"email\":7}}",
                "{\"sub_id\":{\"user\":" + subject + "}}",
                "{\"sub_id\":" + subject + ",\"subject\":" + subject + "}",
                "{\"sub_id\":" + subject + ",\"sub_id\":" + subject + "}",
                "{\"sub_id\":" + subject + "} trailing")) {
            assertChangesNothing(revoke(body), 400, "invalid_request", login);
        }
        assertChangesNothing(
                idp().post(
                                "revocation",
                                "text/plain",
                                Map.of(
                                        "Authorization",
                                        "Bearer " + idp().revocationRequest().sign()),
                                "{\"sub_id\":" + subject + "}"),
                400,
                "invalid_request",
                login);
        assertThat(revoke(" ".repeat(66_000)).statusCode()).isEqualTo(413);
    }

    @Test
    @Rules("H11")
    void aUserWhoWasNeverHereIsNotFound() {
        Held login = hold("cursor", DemoUser.ALICE);
        String elsewhere = bySubject(DemoUser.ALICE).replace(world.idp().issuer(), "https://other.example");
        for (String subject : List.of(
                byEmail("nobody@acme.example"),
                bySubject(DemoUser.ALICE).replace(DemoUser.ALICE.sub(), "nobody"),
                elsewhere)) {
            assertChangesNothing(revoke("{\"sub_id\":" + subject + "}"), 404, "user_not_found", login);
        }
    }

    private void assertChangesNothing(Response answer, int status, String code, Held login) {
        assertRefused(answer, status, Map.of("error", code));
        assertThat(answer.<String>path("error_description")).isNotBlank();
        assertLives(login);
    }
}
