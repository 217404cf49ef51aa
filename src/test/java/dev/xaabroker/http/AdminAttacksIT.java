package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.demo.RecordedRequest;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not get into the admin face. */
class AdminAttacksIT implements OverHttp {

    private static final String AUDIENCE = AdminIT.AUDIENCE;
    private static final String HISTORY = "/admin/policy/history";

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of());
        world.restartWith(Map.of(
                "xaa.admin.issuer",
                world.idp().issuer(),
                "xaa.admin.audience",
                AUDIENCE,
                "xaa.admin.roles.auditor",
                "Internal Audit"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static String good(String... roles) {
        return world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of(roles));
    }

    private static Response with(String token) {
        return new AdminCall(world, token).get(HISTORY);
    }

    private static void assertNotLetIn(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(401);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"xaa-admin\"");
        assertThat(answer.<String>path("detail")).contains(AUDIENCE);
    }

    @Test
    void letsNobodyInWithoutAToken() {
        assertNotLetIn(new AdminCall(world, null).get(HISTORY));
        assertNotLetIn(new AdminCall(world, null).get(HISTORY + "/" + "0".repeat(64)));
        assertNotLetIn(new AdminCall(world, null).get("/admin/ledger/requests"));
        assertNotLetIn(new AdminCall(world, null).explain("{\"client\": \"cursor\", \"server\": \"files\"}"));
    }

    @Test
    void asksForTheTokenBeforeItLooksAtTheInput() {
        assertNotLetIn(new AdminCall(world, null).explain("{"));
        assertNotLetIn(new AdminCall(world, null).get(HISTORY + "?limit=0"));
    }

    @ParameterizedTest
    @Rules({"K3", "K4"})
    @EnumSource(
            value = JwtFlaw.class,
            names = {
                "WRONG_TYP",
                "ID_JAG_TYP",
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
                "NO_ISS",
                "OTHER_AUD",
                "AUD_SLASH",
                "AUD_PREFIX",
                "TWO_AUD",
                "NO_AUD",
                "NO_SUB",
                "NO_EXP",
                "EXPIRED",
                "EXP_AS_TEXT",
                "ISSUED_IN_THE_FUTURE",
                "NOT_YET_VALID",
                "DUPLICATE_MEMBER",
                "WRONG_NONCE"
            })
    void refusesAFlawedToken(JwtFlaw flaw) throws Exception {
        Response answer = with(world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of("xaa-it"), flaw));

        assertNotLetIn(answer);
        assertThat(world.broker().log().lines())
                .anyMatch(line -> line.contains("admin token refused request_id=" + answer.header("X-Request-Id")));
    }

    @Test
    void takesTheSameTokenWithoutAFlaw() {
        assertThat(with(good("xaa-it")).statusCode()).isEqualTo(200);
        assertThat(with(world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of("xaa-it"), JwtFlaw.AUD_ARRAY_OF_ONE))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @Rules("K3")
    void refusesEveryOtherTokenOfTheSameIdp() {
        Tokens tokens = login("cursor", DemoUser.ALICE);
        Response connected =
                world.as("cursor").refreshToken(tokens.refreshToken()).toFiles().send();
        RecordedRequest leg2 = world.demo().files().recording().last("jwt-bearer");

        assertNotLetIn(with(tokens.idToken()));
        assertNotLetIn(with(login("vscode", DemoUser.ALICE).idToken()));
        assertNotLetIn(with(world.idp().login(AUDIENCE, DemoUser.ALICE).idToken()));
        assertNotLetIn(with(tokens.accessToken()));
        assertNotLetIn(with(leg2.param("assertion")));
        assertNotLetIn(with(world.idp().apiToken(DemoUser.ALICE, "https://payroll.acme.example", List.of("xaa-it"))));
        assertNotLetIn(with(connected.path("access_token")));
        assertNotLetIn(with(connected.path("refresh_token")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "a.b.c",
                "....",
                "e30.e30.",
                "e30.e30.AA",
                "eyJhbGciOjF9.e30.AA",
                "xaa_admin_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void refusesWhatIsNoTokenAtAllAndLeavesNoStackTrace(String token) throws Exception {
        assertNotLetIn(with(token));
        assertThat(world.broker().log()).doesNotContain("HTTP Request to");
    }

    @Test
    void refusesALocalTokenWhileAnIdpIsConfigured() throws Exception {
        // Made by the first start of this world, which was without an IdP.
        String local = java.nio.file.Files.readString(world.adminTokenFile()).strip();

        assertNotLetIn(with(local));
    }

    @Test
    void takesTheTokenFromTheHeaderAlone() {
        String token = good("xaa-it");

        assertNotLetIn(new AdminCall(world, null).get(HISTORY + "?access_token=" + token));
        Response cookie = RestAssured.given()
                .cookie("q_session", token)
                .cookie("q_session_xaa-admin", token)
                .get(world.broker().url(HISTORY));
        assertThat(cookie.statusCode()).isEqualTo(401);
        Response basic = RestAssured.given()
                .header("Authorization", "Basic " + token)
                .get(world.broker().url(HISTORY));
        assertThat(basic.statusCode()).isEqualTo(401);
    }

    @Test
    void refusesSomebodyWithoutARole() {
        for (String token : List.of(good(), good("admin", "XAA-IT", "xaa-it ", "xaa"), good("xaa-auditor"))) {
            Response answer = with(token);
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(403);
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.<String>path("detail")).contains("xaa-security", "xaa-it", "Internal Audit");
        }
    }

    @Test
    void knowsARoleByTheNameThatTheIdpGivesIt() {
        assertThat(with(good("Internal Audit")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ADMIN/policy/history",
                "/Admin/policy/history",
                "//admin/policy/history",
                "/admin//policy/history",
                "/admin/./policy/history",
                "/oauth2/../admin/policy/history",
                "/oauth2/..%2fadmin/policy/history",
                "/oauth2/%2e%2e/admin/policy/history",
                "/admin/policy/..%2fpolicy/history",
                "/admin/policy/history/..%2fhistory",
                "/admin%2fpolicy%2fhistory",
                "/%61dmin/policy/history",
                "/admin;x=1/policy/history",
                "/admin/policy/history;x=1",
                "/admin/policy/history/",
                "/admin/policy/history%00",
                "/admin/policy/history?x=/oauth2/token",
                "/admin/policy/history#/oauth2/token"
            })
    void noSpellingOfThePathGetsIn(String target) throws Exception {
        assertThat(new AdminCall(world, null).status("GET", target)).isIn(400, 401, 404, 405);
        assertThat(new AdminCall(world, "garbage").status("GET", target)).isIn(400, 401, 404, 405);
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 401", "PUT, 405", "DELETE, 405", "PATCH, 405", "TRACE, 405", "BREW, 405"})
    void noOtherMethodGetsIn(String method, int status) throws Exception {
        assertThat(new AdminCall(world, null).status(method, HISTORY)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"})
    void noHeaderChangesTheMethod(String header) {
        Response noToken =
                RestAssured.given().header(header, "OPTIONS").get(world.broker().url(HISTORY));
        Response posted = new AdminCall(world, good("xaa-it"))
                .request()
                .header(header, "GET")
                .post(world.broker().url(HISTORY));

        assertThat(noToken.statusCode()).isEqualTo(401);
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.contentType()).startsWith("application/problem+json");
    }

    @Test
    void otherPathsLookAtNoBearerToken() {
        for (String token : List.of("garbage", good("xaa-it"))) {
            Response answer = world.as("cursor")
                    .withoutHeader("Authorization")
                    .header("Authorization", "Bearer " + token)
                    .refreshToken("anything")
                    .toFiles()
                    .send();
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.<String>path("error")).isEqualTo("invalid_client");
            for (String path : List.of("/.well-known/oauth-authorization-server", "/oauth2/jwks", "/q/health/ready")) {
                Response open = RestAssured.given()
                        .header("Authorization", "Bearer " + token)
                        .get(world.broker().url(path));
                assertThat(open.statusCode()).as(path).isEqualTo(200);
            }
        }
    }
}
