package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoKey;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.TokenCall;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint as RFC 6749, RFC 8693 and RFC 7523 want it, whatever stands behind. */
class TokenEndpointIT {

    private static BrokerWorld world;
    private static String handle;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(
                UnaryOperator.identity(), Map.of("xaa.oauth.failures-per-source-per-minute", "1000"));
        handle = world.as("cursor")
                .refreshToken(world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken())
                .toFiles()
                .send()
                .path("refresh_token");
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @BeforeEach
    void forgetEarlierTests() {
        world.demo().reset();
    }

    private static TokenCall good() {
        return world.as("cursor").refreshToken(handle).toFiles();
    }

    private static void assertError(Response answer, int status, String error) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.<String>path("error")).isEqualTo(error);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.<String>path("request_id")).isNotBlank();
    }

    @Test
    @Rules({"A1", "A5"})
    void takesPostOnly() {
        Response answer = world.get("/oauth2/token");

        assertError(answer, 405, "invalid_request");
        assertThat(answer.header("Allow")).isEqualTo("POST");
    }

    @Test
    @Rules({"A1", "A5"})
    void refusesJsonAndAFormThatSaysItIsJson() {
        for (String body : List.of("{\"grant_type\":\"refresh_token\"}", "grant_type=nonsense")) {
            Response answer = RestAssured.given()
                    .contentType("application/json")
                    .body(body)
                    .post(world.broker().url("/oauth2/token"));

            assertError(answer, 400, "invalid_request");
        }
    }

    @Test
    @Rules("A1")
    void neverProcessesParametersInTheQuery() {
        Response answer = RestAssured.given()
                .contentType("application/x-www-form-urlencoded")
                .queryParam("client_id", "vscode")
                .queryParam("client_secret", "vscode-demo-secret")
                .body("grant_type=refresh_token&refresh_token=x&resource=https%3A%2F%2Fx.example")
                .post(world.broker().url("/oauth2/token"));

        assertError(answer, 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant_type",
                "scope",
                "audience",
                "client_id",
                "subject_token",
                "subject_token_type",
                "x_unknown"
            })
    @Rules("A2")
    void refusesARepeatedParameter(String name) {
        Response answer = good().with(name, "one").with(name, "two").send();

        assertError(answer, 400, "invalid_request");
    }

    @Test
    @Rules("A2")
    void takesAnEmptyParameterForAbsent() {
        Response answer = good().with("scope", "").with("audience", "").send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    @Test
    @Rules({"A2", "A9"})
    void callsARepeatedOrMissingResourceAnInvalidTarget() {
        assertError(good().toWiki().send(), 400, "invalid_target");
        assertError(good().without("resource").send(), 400, "invalid_target");
        assertError(good().without("resource").to("mcp").send(), 400, "invalid_target");
        assertError(
                good().without("resource")
                        .to(world.demo().files().resource() + "#x")
                        .send(),
                400,
                "invalid_target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "client_credentials", "authorization_code", "urn:example:other"})
    @Rules("A3")
    void knowsTwoGrants(String grant) {
        assertError(good().without("grant_type").with("grant_type", grant).send(), 400, "unsupported_grant_type");
    }

    @Test
    @Rules("A3")
    void challengesBasicAndOnlyBasic() {
        Response basic =
                good().withoutHeader("Authorization").basic("cursor", "wrong").send();
        Response post = world.as("vscode")
                .without("client_secret")
                .with("client_secret", "wrong")
                .refreshToken(handle)
                .toFiles()
                .send();
        Response none = good().withoutHeader("Authorization").send();

        assertError(basic, 401, "invalid_client");
        assertThat(basic.header("WWW-Authenticate")).startsWith("Basic ");
        assertError(post, 401, "invalid_client");
        assertThat(post.header("WWW-Authenticate")).isNull();
        assertError(none, 401, "invalid_client");
    }

    @Test
    @Rules("A3")
    void answersAnUnknownClientLikeAWrongSecret() {
        Response unknown =
                good().withoutHeader("Authorization").basic("nobody", "wrong").send();
        Response wrong =
                good().withoutHeader("Authorization").basic("cursor", "wrong").send();

        assertError(unknown, 401, "invalid_client");
        assertThat(unknown.<String>path("error_description")).isEqualTo(wrong.path("error_description"));
        assertThat(unknown.<String>path("reason")).isEqualTo(wrong.path("reason"));
    }

    @Test
    @Rules("A3")
    void refusesTwoMethodsAtOnceAndAMethodThatIsNotTheClients() {
        assertError(
                good().with("client_id", "cursor")
                        .with("client_secret", "cursor-demo-secret")
                        .send(),
                400,
                "invalid_request");
        assertError(
                good().withoutHeader("Authorization")
                        .post("cursor", "cursor-demo-secret")
                        .send(),
                401,
                "invalid_client");
    }

    @Test
    void refusesABodyThatNamesAnotherClientThanTheHeader() {
        assertError(good().with("client_id", "vscode").send(), 401, "invalid_client");
    }

    private static TokenCall withAssertion(JwtClaims claims, String typ) {
        return withAssertion(world.demo().claudeCodeKey(), claims, typ);
    }

    private static TokenCall withAssertion(DemoKey key, JwtClaims claims, String typ) {
        return good().withoutHeader("Authorization").assertion(key, claims, typ);
    }

    private static JwtClaims claims() {
        return TokenCall.claims("claude-code", world.issuer());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"null", "JWT", "client-authentication+jwt"})
    @Rules("A4")
    void takesAClientAssertionOfEachAllowedType(String typ) {
        // The handle is another client's, so that the client's own name is what the answer proves.
        assertError(withAssertion(claims(), typ).send(), 400, "invalid_grant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "oauth-id-jag+jwt", "logout+jwt", "secevent+jwt"})
    @Rules({"A4", "K3"})
    void refusesAClientAssertionOfAnotherType(String typ) {
        assertError(withAssertion(claims(), typ).send(), 401, "invalid_client");
    }

    @Test
    @Rules("A4")
    void wantsOurIssuerAsTheOnlyAudience() {
        for (List<String> audience : List.of(
                List.of(world.broker().url("/oauth2/token")),
                List.of(world.issuer() + "/"),
                List.of(world.issuer(), "https://other.example"),
                List.of("https://other.example"))) {
            JwtClaims claims = claims();
            claims.setAudience(audience);

            assertError(withAssertion(claims, "JWT").send(), 401, "invalid_client");
        }
    }

    @Test
    @Rules("A4")
    void refusesAnAssertionThatIsExpiredTooLongOrOfSomebodyElse() throws Exception {
        JwtClaims expired = claims();
        expired.setExpirationTimeMinutesInTheFuture(-2);
        JwtClaims tooLong = claims();
        tooLong.setExpirationTimeMinutesInTheFuture(10);
        JwtClaims otherSubject = claims();
        otherSubject.setSubject("cursor");
        JwtClaims noId = claims();
        noId.unsetClaim("jti");
        JwtClaims noExp = claims();
        noExp.unsetClaim("exp");

        for (JwtClaims claims : List.of(expired, tooLong, otherSubject, noId, noExp)) {
            assertError(withAssertion(claims, "JWT").send(), 401, "invalid_client");
        }
        assertError(withAssertion(DemoKey.generate(), claims(), "JWT").send(), 401, "invalid_client");
    }

    @Test
    @Rules({"A4", "C10"})
    void takesAnAssertionOnce() {
        JwtClaims claims = claims();

        Response first = withAssertion(claims, "JWT").send();
        Response again = withAssertion(claims, "JWT").send();

        assertError(first, 400, "invalid_grant");
        assertError(again, 401, "invalid_client");
    }

    @Test
    void refusesWhatTheProfileOfTokenExchangeDoesNotHave() {
        assertError(
                good().with("actor_token", "x")
                        .with("actor_token_type", TokenCall.ID_TOKEN)
                        .send(),
                400,
                "invalid_request");
        assertError(
                good().with("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag")
                        .send(),
                400,
                "invalid_request");
        assertError(
                good().without("subject_token_type")
                        .with("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
                        .send(),
                400,
                "invalid_request");
    }

    @Test
    void looksUpNothingButWellFormedHandles() {
        for (String broken :
                List.of("xaas_", "xaas_abc", handle + "x", handle.substring(0, handle.length() - 1) + "!")) {
            assertError(
                    good().without("subject_token")
                            .with("subject_token", broken)
                            .send(),
                    400,
                    "invalid_grant");
        }
        assertThat(world.idp().recording().requests()).isEmpty();
    }

    @Test
    @Rules("G3")
    void knowsAClientByItsCredentialsOnly() {
        Response answer = good().header("User-Agent", "vscode")
                .header("Origin", "https://vscode.dev")
                .send();

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(world.demo().files().standing(answer.path("access_token"))).isPresent();
    }

    @Test
    @Rules("J2")
    void publishesWhatExistsAndNothingElse() {
        Response document = world.get("/.well-known/oauth-authorization-server");

        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.<String>path("issuer")).isEqualTo(world.issuer());
        assertThat(document.<String>path("token_endpoint")).isEqualTo(world.issuer() + "/oauth2/token");
        assertThat(document.<List<String>>path("grant_types_supported"))
                .containsExactly("urn:ietf:params:oauth:grant-type:token-exchange", "refresh_token");
        assertThat(document.<List<String>>path("token_endpoint_auth_methods_supported"))
                .containsExactlyInAnyOrder("private_key_jwt", "client_secret_basic", "client_secret_post");
        assertThat(document.<List<String>>path("token_endpoint_auth_signing_alg_values_supported"))
                .doesNotContain("none")
                .noneMatch(alg -> alg.startsWith("HS"));
        assertThat(document.<String>path("revocation_endpoint")).isEqualTo(world.issuer() + "/oauth2/revoke");
        assertThat(document.asString())
                .doesNotContain("authorization_endpoint")
                .doesNotContain("introspection_endpoint");
        assertThat(world.get("/oauth2/jwks").statusCode()).isEqualTo(200);
        assertThat(document.<String>path("jwks_uri")).isEqualTo(world.issuer() + "/oauth2/jwks");
    }

    @Test
    @Rules("J5")
    void publishesPublicKeysOnly() {
        List<Map<String, Object>> keys = world.get("/oauth2/jwks").path("keys");

        assertThat(keys).hasSize(2).allSatisfy(key -> {
            assertThat(key).containsKeys("kid", "use", "alg", "kty");
            assertThat(key).doesNotContainKeys("d", "p", "q", "dp", "dq", "qi", "k");
        });
    }
}
