package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin face of an embedded broker that knows no enterprise IdP. */
class AdminLocalTokenIT implements OverHttp {

    private static final String HISTORY = "/admin/policy/history";

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of("xaa.admin.roles.it", "corp-it-staff"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static String token() throws Exception {
        return Files.readString(world.adminTokenFile()).strip();
    }

    @Test
    void theTokenInTheFileOpensEverything() throws Exception {
        AdminCall local = new AdminCall(world, token());

        assertThat(local.get(HISTORY).statusCode()).isEqualTo(200);
        assertThat(local.get("/admin/ledger/requests").statusCode()).isEqualTo(200);
        assertThat(local.explain("{\"client\": \"cursor\", \"server\": \"files\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theFileIsTheOwnersAloneAndTheLogNamesItAndNotTheToken() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(world.adminTokenFile())))
                .isEqualTo("rw-------");
        assertThat(token()).matches("xaa_admin_[A-Za-z0-9_-]{43}");
        assertThat(world.broker().log())
                .contains(world.adminTokenFile().toString())
                .doesNotContain(token().substring(10));
    }

    @Test
    void nothingElseOpensIt() throws Exception {
        String token = token();
        for (String wrong : List.of(
                token.substring(0, token.length() - 1),
                token + "A",
                token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A"),
                token.toUpperCase(java.util.Locale.ROOT),
                world.idp().apiToken(DemoUser.ALICE, AdminIT.AUDIENCE, List.of("xaa-it")))) {
            Response answer = new AdminCall(world, wrong).get(HISTORY);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.<String>path("detail")).contains("admin.token");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"})
    void aCallThatAProxyPassedOnIsNotFromThisMachine(String header) throws Exception {
        Response answer = new AdminCall(world, token())
                .request()
                .header(header, "127.0.0.1")
                .get(world.broker().url(HISTORY));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void aFileThatOthersMayReadStopsTheStart() throws Exception {
        world.stop();
        for (String mode : List.of("rw-r-----", "rw----r--", "rwx------")) {
            Files.setPosixFilePermissions(world.adminTokenFile(), PosixFilePermissions.fromString(mode));
            assertThatThrownBy(world::start)
                    .hasMessageContaining("stopped at start")
                    .hasMessageContaining("admin.token is open to others: delete it");
        }
        Files.setPosixFilePermissions(world.adminTokenFile(), PosixFilePermissions.fromString("rw-------"));
        String before = token();

        world.start();

        assertThat(token()).isEqualTo(before);
        assertThat(new AdminCall(world, before).get(HISTORY).statusCode()).isEqualTo(200);
    }

    @Test
    void anIdpThatIsDownHurtsNobodyButItsOwnTokens() throws Exception {
        BrokerWorld lonely = BrokerWorld.embedded(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.admin.issuer",
                        "http://127.0.0.1:" + BrokerProcess.freePort(),
                        "xaa.admin.audience",
                        AdminIT.AUDIENCE));
        try (lonely) {
            String token = lonely.idp().apiToken(DemoUser.ALICE, AdminIT.AUDIENCE, List.of("xaa-it"));

            Response admin = new AdminCall(lonely, token).get(HISTORY);
            Response connect = lonely.as("cursor")
                    .refreshToken(
                            lonely.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken())
                    .toFiles()
                    .send();

            assertThat(admin.statusCode()).as(admin.asString()).isEqualTo(503);
            assertThat(admin.header("Retry-After")).isNotNull();
            assertThat(connect.statusCode()).as(connect.asString()).isEqualTo(200);
        }
    }
}
