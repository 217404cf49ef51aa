package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Command.Ended;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every command, as its users run it, with the real output. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsIT {

    private static final Path SAMPLE = Path.of("src/test/resources/cli/policy.yaml");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private BrokerWorld world;
    private Command xaa;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of());
        xaa = new Command(home, Map.of("XAA_CLIENT_SECRET", "cursor-demo-secret"));
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    private String edited(String name, String part, String replacement) throws IOException {
        String text = Files.readString(SAMPLE);
        assertThat(text).contains(part);
        return Files.writeString(folder.resolve(name), text.replace(part, replacement))
                .toString();
    }

    private static JsonNode json(Ended ended) throws IOException {
        return JSON.readTree(ended.out());
    }

    @Test
    void aCommandStartsNoServerAndWritesNothing() throws Exception {
        Ended ended = xaa.run("policy", "lint", SAMPLE.toString(), "--ignore", "audit-mode");

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("nothing found" + System.lineSeparator());
        assertThat(ended.err()).isEmpty();
        assertThat(xaa.home().resolve(".xaa-broker")).doesNotExist();
        System.out.println("xaa policy lint took " + ended.took().toMillis() + " ms");
    }

    @Test
    void lintTellsWhereAndWhatToDo() throws Exception {
        Ended ended = xaa.run("policy", "lint", SAMPLE.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).containsPattern("policy\\.yaml:[0-9]+:9: deny rule contractors-no-write: .*audit mode");
        assertThat(ended.out()).contains("audit-mode; fix: ");
    }

    @Test
    void lintPutsErrorsFirstWithLineAndColumn() throws Exception {
        String broken =
                edited("broken.yaml", "    scopes: [files.write]\n    owner", "    scope: [files.write]\n    owner");

        Ended ended = xaa.run("policy", "lint", broken);
        JsonNode errors = json(xaa.run("policy", "lint", "--json", broken)).path("errors");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).containsPattern("broken\\.yaml:[0-9]+:5: unknown key `scope`.*did you mean `scopes`");
        assertThat(errors.size()).isPositive();
        assertThat(errors.get(0).path("line").asInt()).isPositive();
    }

    @Test
    void whatCannotBeReadAndWrongUsageExitWith2() throws Exception {
        for (String[] line : new String[][] {
            {"policy", "lint", folder.resolve("none.yaml").toString()},
            {"policy", "lint"},
            {"policy", "lnit", SAMPLE.toString()},
            {"nonsense"},
            {"policy", "explain", SAMPLE.toString(), "--client", "nobody", "--server", "figma"},
            {"policy", "history", "--broker", "http://broker.example"},
            {"policy", "diff", "--replay", SAMPLE.toString()}
        }) {
            Ended ended = xaa.run(line);

            assertThat(ended.code()).as(String.join(" ", line) + ended.out()).isEqualTo(2);
            assertThat(ended.err()).as(String.join(" ", line)).isNotBlank();
        }
    }

    @Test
    void helpNamesTheCommandsAndTheExitCodes() throws Exception {
        Ended ended = xaa.run("policy", "--help");
        Ended lint = xaa.run("policy", "lint", "--help");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("lint", "test", "explain", "diff", "matrix", "history", "suggest");
        assertThat(lint.out()).contains("Exit codes:", "1   errors or advice");
    }

    @Test
    void testRunsTheTestsOfTheFile() throws Exception {
        Ended ended = xaa.run("policy", "test", SAMPLE.toString());

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out()).contains("2 tests, 0 failed");
    }

    @Test
    void explainsFromTheFile() throws Exception {
        String[] question = {
            "policy",
            "explain",
            SAMPLE.toString(),
            "--client",
            "cursor",
            "--server",
            "figma",
            "--user-groups",
            "engineering,other",
            "--acr",
            "phr",
            "--auth-age",
            "10m",
            "--scope",
            "files.read",
            "--attribute",
            "department=design",
            "--at",
            "2026-12-01T00:00:00Z"
        };
        Ended allowed = xaa.run(question);
        question[18] = "2027-04-01T00:00:00Z";

        assertThat(allowed.out()).startsWith("allowed by eng-figma").contains("scopes: files.read");
        assertThat(allowed.code()).isZero();
        Ended expired = xaa.run(question);
        assertThat(expired.out()).startsWith("refused: user-not-in-group").contains("ask: design-ops");
        assertThat(expired.code()).isEqualTo(1);
    }

    @Test
    void diffTellsWhoGainsAndWhoLoses() throws Exception {
        String newer =
                edited("new.yaml", "users: { groups: [design], idp: corp }", "users: { groups: [sales], idp: corp }");

        Ended ended = xaa.run("policy", "diff", SAMPLE.toString(), newer, "--at", "2026-12-01T00:00:00Z");
        JsonNode changes = json(xaa.run("policy", "diff", "--json", SAMPLE.toString(), newer))
                .path("changes");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .containsPattern("GAIN\\R  sales +cursor -> figma +\\+files.write")
                .containsPattern("LOSE\\R  design +cursor -> figma +-files.write")
                .contains("edited connection design-figma-write");
        assertThat(changes.findValuesAsText("client")).containsOnly("cursor");
        assertThat(xaa.run("policy", "diff", newer, newer).code()).isZero();
    }

    @Test
    void matrixIsForTerminalsSpreadsheetsAndPrograms() throws Exception {
        Ended table = xaa.run("policy", "matrix", SAMPLE.toString(), "--at", "2026-12-01T00:00:00Z");
        Ended csv = xaa.run("policy", "matrix", SAMPLE.toString(), "--csv");
        JsonNode rows =
                json(xaa.run("policy", "matrix", SAMPLE.toString(), "--json")).path("rows");

        assertThat(table.code()).isZero();
        assertThat(table.out()).containsPattern("figma +cursor +engineering +yes +files.read +2m +eng-figma");
        assertThat(csv.out()).contains("figma,claude-code,engineering,client-disabled,");
        assertThat(rows.size()).isEqualTo(6);
    }

    @Test
    void suggestPrintsAnEntryThatLoads() throws Exception {
        String url = world.demo().files().resource();

        Ended ended = xaa.run("policy", "suggest", "--allow-http-on-loopback", "--network", "private", url);

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .contains("resource: " + url)
                .contains("audience: ")
                .contains("network: private")
                .contains("scopes: [files.read]")
                .contains("says that it redeems ID-JAGs");
        String entry = ended.out().replace("clientId: FILL IN", "clientId: us").replace("FILL IN", "somebody");
        Path file = Files.writeString(folder.resolve("suggested.yaml"), """
                apiVersion: xaa/v1
                kind: ManagedConnections
                metadata: { tenant: t, owner: o }
                identityProviders: { corp: { issuer: "https://idp.example", profile: okta } }
                servers:
                """ + entry);
        Ended lint = xaa.run("policy", "lint", "--allow-http-on-loopback", file.toString());
        assertThat(lint.out()).contains("no errors");
    }

    @Test
    void suggestReachesNothingInsideByItself() throws Exception {
        Ended ended = xaa.run("policy", "suggest", world.demo().files().resource());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("not https");
    }

    @Test
    void connectsAsAClientWouldAndShowsNoToken() throws Exception {
        String token = world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken();
        Path file = Files.writeString(folder.resolve("token"), token + "\n");

        Ended ended = xaa.run(
                "connect",
                "--broker",
                world.issuer(),
                "--client-id",
                "cursor",
                "--subject-token-file",
                file.toString(),
                "--resource",
                world.demo().files().resource());

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .startsWith("connected to ")
                .containsPattern("token: Bearer sha256:[0-9a-f]{16}\\R")
                .contains("scopes: files.read")
                .containsPattern("request id: \\S+");
        assertThat(ended.out()).doesNotContain(token).doesNotContain("xaas_");
    }

    @Test
    void connectWithAKeyIsRefusedWithAReasonAnOwnerAndWhatToDo() throws Exception {
        String token = world.idp().login("claude-at-idp", DemoUser.ALICE).refreshToken();
        Path file = Files.writeString(folder.resolve("claude-token"), token);
        Path key = Files.writeString(
                folder.resolve("claude.pem"), world.demo().claudeCodeKey().privatePem());

        Ended ended = xaa.run(
                "connect",
                "--json",
                "--broker",
                world.issuer(),
                "--client-id",
                "claude-code",
                "--client-key-file",
                key.toString(),
                "--subject-token-file",
                file.toString(),
                "--resource",
                world.demo().files().resource(),
                "--scope",
                "files.write");

        JsonNode said = json(ended);
        assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(said.path("connected").asBoolean()).isFalse();
        assertThat(said.path("reason").asText()).isEqualTo("scope-not-allowed");
        assertThat(said.path("owner").asText()).isEqualTo("storage-team");
        assertThat(said.path("request_id").asText()).isNotBlank();
        assertThat(said.path("remedy").asText()).contains("fewer scopes");
    }

    @Test
    void testThatFailsSaysWhatWasExpectedAndWhatCame() throws Exception {
        String wrong = edited("wrong.yaml", "reason: client-disabled", "reason: client-killed");

        Ended ended = xaa.run("policy", "test", wrong);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out() + ended.err())
                .contains("a disabled client is refused", "client-killed", "denied for client-disabled");
    }

    @Test
    void asksTheRunningBrokerAndReplaysItsLedger() throws Exception {
        String token = world.adminTokenFile().toString();
        String url = world.issuer();
        Response connected = world.as("cursor")
                .refreshToken(world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken())
                .toFiles()
                .send();
        assertThat(connected.statusCode()).isEqualTo(200);
        String file = Files.writeString(
                        folder.resolve("tighter.yaml"),
                        Files.readString(world.policyFile())
                                .replaceFirst("(?m)^( *)- id: engineering-files$", "$0\n$1  status: disabled"))
                .toString();

        Ended history = xaa.run("policy", "history", "--broker", url, "--token-file", token);
        Ended explained = xaa.run(
                "policy",
                "explain",
                "--broker",
                url,
                "--token-file",
                token,
                "--client",
                "cursor",
                "--server",
                "files",
                "--user-groups",
                "sales");
        Ended replay = xaa.run(
                "policy", "diff", "--replay", "--broker", url, "--token-file", token, "--allow-http-on-loopback", file);
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        Ended refused = xaa.run("policy", "history", "--broker", url, "--token-file", wrong.toString());

        assertThat(history.out()).as(history.err()).contains("managed-connections.yaml");
        assertThat(explained.out())
                .as(explained.err())
                .startsWith("refused: user-not-in-group")
                .contains("ask: storage-team")
                .containsPattern("pass +client-unknown")
                .containsPattern("FAIL +user-not-in-group +engineering-files");
        assertThat(explained.code()).isEqualTo(1);
        assertThat(replay.out())
                .as(replay.err())
                .containsPattern("WOULD LOSE\\R +1x +\\S+ +cursor -> files .*=> connection-disabled");
        assertThat(replay.code()).isEqualTo(1);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("the token is not accepted").doesNotContain("wrong");
    }
}
