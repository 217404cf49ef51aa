package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Seconds;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Security's own switch, on two replicas. */
class KillIT implements OverHttp {

    private static final Map<String, String> FILES = Map.of("kind", "server", "name", "files", "reason", "incident 7");
    private static final Map<String, String> ALICE =
            Map.of("kind", "user", "idp", "corp", "subject", DemoUser.ALICE.sub(), "reason", "left");

    private static BrokerWorld world;
    private static BrokerProcess second;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(UnaryOperator.identity(), Map.of());
        world.restartWith(Map.of("xaa.admin.issuer", world.idp().issuer(), "xaa.admin.audience", AdminIT.AUDIENCE));
        second = world.replica();
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

    private static void reopen(Map<String, String> what) throws InterruptedException {
        assertThat(as("xaa-security").post("/admin/kills/reopen", what).statusCode())
                .isEqualTo(200);
        if (what.equals(ALICE)) {
            Seconds.awaitNext();
        }
    }

    private Response connect(String handle, BrokerProcess replica) {
        return world.as("cursor").refreshToken(handle).toFiles().at(replica).send();
    }

    @Test
    @Rules("F6")
    void shutsAServerOnEveryReplicaAlthoughTokensAreCached() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        assertThat(connect(handle, second).statusCode()).isEqualTo(200);

        Response kill = as("xaa-security").post("/admin/kills", FILES);
        Response refused = connect(handle, second);
        Response elsewhere =
                world.as("cursor").refreshToken(handle).toWiki().at(second).send();
        Response list = as("xaa-auditor").get("/admin/kills");
        reopen(FILES);

        assertThat(kill.statusCode()).as(kill.asString()).isEqualTo(200);
        assertThat(refused.<String>path("reason")).isEqualTo("server-killed");
        assertThat(elsewhere.statusCode()).as(elsewhere.asString()).isEqualTo(200);
        assertThat(list.<List<String>>path("kills.name")).containsExactly("files");
        assertThat(world.ledger(kill.header("X-Request-Id"))).hasSize(1).first().satisfies(entry -> {
            assertThat(entry).containsEntry("decision", "killed").containsEntry("server", "files");
            assertThat(entry.get("detail")).contains("incident 7", "xaa-security");
        });
        assertThat(connect(handle, second).statusCode()).isEqualTo(200);
    }

    /** It is answered at once, although the RAS still thinks; what that answers later is revoked there. */
    @Test
    @Rules({"F6", "H4", "H13"})
    void answersNoConnectThatWasUnderWay() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        CountDownLatch gate = new CountDownLatch(1);
        world.demo().files().faults().next("jwt-bearer", new Fault.HoldAnswer(gate));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int before = world.demo().files().count("jwt-bearer");
            Future<Response> underWay = threads.submit(() -> world.as("cursor")
                    .refreshToken(handle)
                    .toFiles()
                    .fresh()
                    .at(second)
                    .send());
            while (world.demo().files().count("jwt-bearer") == before) {
                Thread.sleep(10);
            }
            as("xaa-security").post("/admin/kills", ALICE);
            Response answer = underWay.get(1, TimeUnit.SECONDS);
            gate.countDown();
            reopen(ALICE);

            // The user is shut first, and then the session ends: the connect is cut off by what is seen of it first.
            assertThat(answer.<String>path("reason")).as(answer.asString()).isIn("session-ended", "user-killed");
            assertThat(answer.<String>path("access_token")).isNull();
            awaitDecision(answer.header("X-Request-Id"), "withheld");
            awaitRevoked(world.demo().files().issuedTokens().getLast());
        }
    }

    private static void awaitDecision(String requestId, String decision) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (world.ledger(requestId).stream().noneMatch(entry -> decision.equals(entry.get("decision")))) {
            assertThat(System.nanoTime()).as("no entry " + decision).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static void awaitRevoked(String token) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!world.demo().files().wasRevoked(token)) {
            assertThat(System.nanoTime()).as("the token lives on").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** A session of theirs is over for good; a new login is refused for as long as they are shut. */
    @Test
    void aKilledUserIsShutOutWithAndWithoutASession() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        as("xaa-security").post("/admin/kills", ALICE);
        Seconds.awaitNext();

        Response inSession = connect(handle, world.broker());
        Response adopting = world.as("vscode")
                .refreshToken(login("vscode", DemoUser.ALICE).refreshToken())
                .toWiki()
                .send();
        Response sessionless = world.as("cursor")
                .idToken(login("cursor", DemoUser.ALICE).idToken())
                .toFiles()
                .send();
        Response other = world.as("vscode")
                .refreshToken(login("vscode", DemoUser.BOB).refreshToken())
                .toWiki()
                .send();
        reopen(ALICE);

        assertThat(inSession.<String>path("reason")).isEqualTo("session-ended");
        for (Response answer : List.of(adopting, sessionless)) {
            assertThat(answer.<String>path("reason")).as(answer.asString()).isEqualTo("user-killed");
        }
        assertThat(String.valueOf(other.<String>path("reason"))).isNotEqualTo("user-killed");
    }

    @Test
    void opensByItselfWhenItsTimeIsOver() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        as("xaa-security")
                .post("/admin/kills", Map.of("kind", "client", "name", "cursor", "reason", "a moment", "for", "2s"));

        assertThat(connect(handle, world.broker()).<String>path("reason")).isEqualTo("client-killed");
        Thread.sleep(2_100);
        assertThat(connect(handle, world.broker()).statusCode()).isEqualTo(200);
    }

    @Test
    void theFileCannotOpenItAndExplainKnowsOfIt() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        as("xaa-security").post("/admin/kills", FILES);
        world.policy(world.demo().policyYaml() + "\n# another revision\n");

        Response explained = as("xaa-it")
                .explain("{\"client\": \"cursor\", \"server\": \"files\", \"user\": {\"groups\": [\"engineering\"]}}");
        Response refused = connect(handle, world.broker());
        reopen(FILES);

        assertThat(explained.<String>path("reason")).isEqualTo("server-killed");
        assertThat(refused.<String>path("reason")).isEqualTo("server-killed");
    }

    /** The file's own switch: the next request is refused, and what is out is taken back. */
    @ParameterizedTest
    @CsvSource({
        "connection, '  - id: engineering-files', connection-disabled",
        "server, '  files:', server-disabled",
        "client, '  cursor:', client-disabled"
    })
    @Rules({"G2", "H4"})
    void whatTheFileDisablesIsTakenBack(String kind, String line, String reason) throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        assertThat(connect(handle, second).statusCode()).isEqualTo(200);
        String token = world.demo().files().issuedTokens().getLast();
        assertThat(handleOf("vscode", DemoUser.ALICE)).isNotEmpty();
        String kept = world.demo().wiki().issuedTokens().getLast();

        world.policy(world.demo().policyYaml().replace(line + "\n", line + "\n    status: disabled\n"));
        Response refused = connect(handle, world.broker());
        awaitRevoked(token);
        world.policy(world.demo().policyYaml());
        awaitConnect(handle, second);

        assertThat(refused.<String>path("reason")).as(refused.asString()).isEqualTo(reason);
        assertThat(world.demo().wiki().wasRevoked(kept)).isFalse();
        try (var sql = world.stores().sql();
                var statement = sql.createStatement()) {
            assertThat(BrokerWorld.rows(statement.executeQuery(
                            "select * from ledger_entry where decision = 'withdrawn' and reason = '" + kind + "'")))
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(entry.get("detail")).contains("tokens="));
        }
    }

    /** Each replica reads the file in its own time. */
    private void awaitConnect(String handle, BrokerProcess replica) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (connect(handle, replica).statusCode() != 200) {
            assertThat(System.nanoTime()).as("the policy is open again").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void securityAloneMayAndBadOrdersAreNamed() {
        for (String role : List.of("xaa-it", "xaa-auditor")) {
            assertThat(as(role).post("/admin/kills", FILES).statusCode()).isEqualTo(403);
            assertThat(as(role).post("/admin/kills/reopen", FILES).statusCode()).isEqualTo(403);
        }
        for (Map<String, String> wrong : List.of(
                Map.of("kind", "tenant", "name", "x", "reason", "r"),
                Map.of("kind", "client", "reason", "r"),
                Map.of("kind", "client", "name", "x"),
                Map.of("kind", "client", "name", "x", "reason", "r", "for", "long"),
                Map.of("kind", "client", "name", "cursor", "reason", "r", "for", "0s"),
                Map.of("kind", "client", "name", "x", "reason", "r", "idp", "corp"),
                Map.of("kind", "user", "idp", "nowhere", "subject", "s", "reason", "r"))) {
            assertThat(as("xaa-security").post("/admin/kills", wrong).statusCode())
                    .isEqualTo(400);
        }
        assertThat(as("xaa-security").post("/admin/kills/reopen", FILES).statusCode())
                .isEqualTo(404);
    }

    /** Else somebody would go home and think it shut. */
    @ParameterizedTest
    @CsvSource({"client,cusror", "server,flies", "connection,engineering-flies"})
    void aMisspeltNameIsRefused(String kind, String name) {
        Response refused =
                as("xaa-security").post("/admin/kills", Map.of("kind", kind, "name", name, "reason", "stolen"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.<String>path("field")).isEqualTo("name");
        assertThat(refused.asString()).contains("no such " + kind);
    }

    @Test
    void theCommandShutsListsAndReopens() throws Exception {
        Command security = new Command(folder, Map.of("XAA_ADMIN_TOKEN", token("xaa-security")));
        String broker = world.broker().url("");

        Command.Ended kill = security.run(
                "kill", "--connection", "engineering-files", "--reason", "x", "--for", "8h", "--broker", broker);
        Command.Ended user = security.run("kill", "--subject", "corp/00u-nobody", "--reason", "x", "--broker", broker);
        Command.Ended list = security.run("kills", "--broker", broker);
        Command.Ended nothing = security.run("kill", "--reason", "x", "--broker", broker);
        Command.Ended open =
                security.run("reopen", "--connection", "engineering-files", "--reason", "y", "--broker", broker);
        security.run("reopen", "--subject", "corp/00u-nobody", "--reason", "y", "--broker", broker);

        assertThat(kill.code()).as(kill.err()).isZero();
        assertThat(kill.out()).contains("engineering-files", "until");
        assertThat(user.code()).as(user.err()).isZero();
        assertThat(list.out()).contains("connection", "engineering-files", "user");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("--server");
        assertThat(open.code()).as(open.err()).isZero();
        assertThat(open.out()).contains("open again: connection engineering-files");
    }
}
