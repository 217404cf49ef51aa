package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.demo.Tokens;
import io.restassured.response.Response;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an identity provider or an authorization server may do, and what the broker makes of it. */
interface PeerContract extends OverHttp {

    @ParameterizedTest
    @EnumSource(
            value = JwtFlaw.class,
            names = {
                "WRONG_TYP",
                "NO_TYP",
                "ALG_NONE",
                "ALG_HS256",
                "ALG_NOT_OF_THE_KEY",
                "UNKNOWN_KEY",
                "BAD_SIGNATURE",
                "EMBEDDED_JWK",
                "UNKNOWN_CRIT",
                "WRONG_ISS",
                "ISS_WITH_SLASH",
                "OTHER_AUD",
                "AUD_SLASH",
                "AUD_PREFIX",
                "AUD_TOKEN_ENDPOINT",
                "TWO_AUD",
                "NO_AUD",
                "WRONG_CLIENT_ID",
                "NO_CLIENT_ID",
                "OTHER_SUBJECT",
                "NO_SUB",
                "EXPIRED",
                "NO_EXP",
                "EXP_AS_TEXT",
                "DUPLICATE_MEMBER",
                "OTHER_RESOURCE",
                "MORE_RESOURCES",
                "EMPTY_RESOURCE",
                "NO_RESOURCE",
                "EXTRA_SCOPE"
            })
    @Rules({"C1", "C2", "C3", "C4", "B9"})
    default void neverSendsAFlawedIdJagToTheServersAuthorizationServer(JwtFlaw flaw) throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();
        world().idp().behaviour.idJagFlaws = Set.of(flaw);

        Response answer = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(502);
        assertThat(answer.<String>path("error")).isEqualTo("server_error");
        assertThat(answer.<String>path("access_token")).isNull();
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
        assertThat(ledgerOf(answer)).containsEntry("decision", "failed").containsEntry("reason", "idp-fault");
    }

    @Test
    @Rules({"B10", "H12"})
    default void endsTheSessionWhenTheIdpSaysThatItIsOverAndRemembersIt() throws Exception {
        Tokens tokens = login("cursor", DemoUser.ALICE);
        String handle = world().as("cursor")
                .refreshToken(tokens.refreshToken())
                .toFiles()
                .send()
                .path("refresh_token");
        world().idp().endSession(tokens.sid());
        world().demo().reset();

        Response first =
                world().as("cursor").refreshToken(handle).toFiles().fresh().send();
        int callsAfterFirst = world().idp().recording().requests().size();
        Response second = world().as("cursor").refreshToken(handle).toFiles().send();
        Response adoptedAgain = world().as("cursor")
                .refreshToken(tokens.refreshToken())
                .toFiles()
                .send();
        Response idToken =
                world().as("cursor").idToken(tokens.idToken()).toFiles().send();

        for (Response answer : List.of(first, second, adoptedAgain, idToken)) {
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
            assertThat(answer.<String>path("reason")).isEqualTo("session-ended");
        }
        assertThat(world().idp().recording().requests()).hasSize(callsAfterFirst);
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
        assertThat(ledgerOf(first)).containsEntry("decision", "denied").containsEntry("reason", "session-ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_denied", "invalid_target", "unauthorized_client"})
    @Rules({"B10", "F8", "G6"})
    default void remembersADenialByTheIdpForAMomentAndNeverRetriesIt(String error) throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();
        world().idp().faults().always("token-exchange", Fault.error(400, error));

        Response first = world().as("cursor").refreshToken(handle).toFiles().send();
        Response second = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(first.<String>path("error")).isEqualTo("invalid_target");
        assertThat(second.<String>path("error")).isEqualTo("invalid_target");
        assertThat(world().idp().count("token-exchange")).isEqualTo(1);
        assertThat(world().demo().files().count("jwt-bearer")).isZero();
        assertThat(ledgerOf(first)).containsEntry("peer_error", error);
    }

    @Test
    @Rules("E4")
    default void redeemsEachIdJagOnceAndTakesAFreshOneForTheRetry() {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world().demo().reset();
        world().demo().files().faults().next("jwt-bearer", Fault.loseAnswer());

        Response answer = world().as("cursor").refreshToken(handle).toFiles().send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        List<String> assertions = world().demo().files().recording().requests("jwt-bearer").stream()
                .map(request -> request.param("assertion"))
                .toList();
        assertThat(assertions).hasSize(2).doesNotHaveDuplicates();
    }
}
