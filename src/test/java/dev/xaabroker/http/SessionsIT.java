package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions as security and IT see them, over the admin face and with the command. */
class SessionsIT implements OverHttp {

    private static final String REASON = "laptop stolen";

    private static BrokerWorld world;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of());
        world.restartWith(Map.of("xaa.admin.issuer", world.idp().issuer(), "xaa.admin.audience", AdminIT.AUDIENCE));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static String token(String role) {
        return world.idp().apiToken(DemoUser.ALICE, AdminIT.AUDIENCE, List.of(role));
    }

    private static AdminCall as(String role) {
        return new AdminCall(world, token(role));
    }

    private Response connect(String refreshToken) {
        return world.as("cursor").refreshToken(refreshToken).toFiles().send();
    }

    private Response adopt() {
        Response connected = connect(login("cursor", DemoUser.ALICE).refreshToken());
        assertThat(connected.statusCode()).as(connected.asString()).isEqualTo(200);
        return connected;
    }

    private String sessionOf(Response connected) throws Exception {
        return ledgerOf(connected).get("session_id");
    }

    @Test
    void listsWhoHasASessionAndShowsNothingThatOpensOne() throws Exception {
        Response connected = adopt();
        String id = sessionOf(connected);

        Response list = as("xaa-auditor").get("/admin/sessions?client=cursor");
        Response other = as("xaa-it").get("/admin/sessions?client=vscode");
        Response bySubject = as("xaa-it").get("/admin/sessions?idp=corp&subject=" + DemoUser.ALICE.sub());

        assertThat(list.<List<String>>path("sessions.id")).contains(id);
        assertThat(other.<List<String>>path("sessions.id")).doesNotContain(id);
        assertThat(bySubject.<List<String>>path("sessions.id")).contains(id);
        assertThat(list.asString())
                .doesNotContain(connected.<String>path("refresh_token"))
                .doesNotContain(DemoUser.ALICE.sub())
                .doesNotContain(DemoUser.ALICE.email());
        assertThat(as("xaa-auditor").get("/admin/sessions/" + id).<String>path("status"))
                .isEqualTo("live");
    }

    @Test
    @Rules("F6")
    void endsASessionWhoseTokenIsCached() throws Exception {
        Response connected = adopt();
        String id = sessionOf(connected);

        Response ended = as("xaa-security").end(id, REASON);
        Response after = connect(connected.path("refresh_token"));

        assertThat(ended.statusCode()).as(ended.asString()).isEqualTo(200);
        assertThat(ended.<String>path("status")).isEqualTo("ended");
        assertThat(ended.<String>path("endCause")).isEqualTo("admin: " + REASON);
        assertThat(after.statusCode()).isEqualTo(400);
        assertThat(after.<String>path("reason")).isEqualTo("session-ended");
        assertThat(world.ledger(ended.header("X-Request-Id")))
                .hasSize(1)
                .first()
                .satisfies(entry -> {
                    assertThat(entry).containsEntry("decision", "ended").containsEntry("session_id", id);
                    assertThat(entry.get("detail")).contains(REASON, "xaa-security");
                });
        assertThat(as("xaa-it").get("/admin/sessions").<List<String>>path("sessions.id"))
                .doesNotContain(id);
        assertThat(as("xaa-it").get("/admin/sessions?all=true").<List<String>>path("sessions.id"))
                .contains(id);
        adopt();
    }

    @Test
    @Rules("H12")
    void theTokensOfAnEndedSessionStayDead() throws Exception {
        String presented = login("cursor", DemoUser.ALICE).refreshToken();
        String id = sessionOf(connect(presented));
        as("xaa-security").end(id, REASON);
        int calls = world.idp().count("refresh");

        Response again = connect(presented);

        assertThat(again.<String>path("reason")).isEqualTo("session-ended");
        assertThat(world.idp().count("refresh")).isEqualTo(calls);
    }

    @Test
    void securityAloneMayEnd() throws Exception {
        String id = sessionOf(adopt());

        for (String role : List.of("xaa-it", "xaa-auditor")) {
            assertThat(as(role).end(id, REASON).statusCode()).isEqualTo(403);
        }

        assertThat(as("xaa-it").get("/admin/sessions/" + id).<String>path("status"))
                .isEqualTo("live");
    }

    @Test
    void theReplayOfRequestsLeavesEndsOut() throws Exception {
        String id = sessionOf(adopt());
        as("xaa-security").end(id, REASON);

        assertThat(as("xaa-it").get("/admin/ledger/requests?limit=1000").<List<String>>path("requests.decision"))
                .contains("allowed")
                .doesNotContain("ended");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?all=yes",
                "?subject=x",
                "?idp=corp",
                "?idp=nowhere&subject=x",
                "?idp=corp&subject=x&user=y",
                "/a%20b"
            })
    void saysWhatIsWrong(String query) {
        Response answer = as("xaa-it").get("/admin/sessions" + query);

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.<String>path("field")).isNotBlank();
    }

    @Test
    void knowsNoSuchSession() {
        assertThat(as("xaa-security").get("/admin/sessions/nobody").statusCode())
                .isEqualTo(404);
        assertThat(as("xaa-security").end("nobody", REASON).statusCode()).isEqualTo(404);
        assertThat(as("xaa-security").end("nobody", "two\nlines").statusCode()).isEqualTo(400);
    }

    @Test
    void theCommandListsShowsAndEnds() throws Exception {
        String id = sessionOf(adopt());
        Command security = new Command(folder, Map.of("XAA_ADMIN_TOKEN", token("xaa-security")));
        Command auditor = new Command(folder, Map.of("XAA_ADMIN_TOKEN", token("xaa-auditor")));
        String broker = world.broker().url("");

        Command.Ended list = auditor.run("session", "list", "--broker", broker, "--client", "cursor");
        Command.Ended refused = auditor.run("session", "end", id, "--reason", REASON, "--broker", broker);
        Command.Ended end = security.run("session", "end", id, "--reason", REASON, "--broker", broker);
        Command.Ended show = auditor.run("session", "show", id, "--broker", broker, "--json");
        Command.Ended wrong = auditor.run("session", "list", "--broker", broker, "--idp", "corp");

        assertThat(list.code()).as(list.err()).isZero();
        assertThat(list.out()).startsWith("SESSION").contains(id);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("lacks the role");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.out()).contains("ended", REASON);
        assertThat(show.out()).contains("\"status\" : \"ended\"");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(folder.toFile().list()).isEmpty();
    }
}
