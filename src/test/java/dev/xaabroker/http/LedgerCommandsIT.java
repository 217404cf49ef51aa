package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Command.Ended;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code xaa ledger verify} and {@code export}, from the database and over a running broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerCommandsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private BrokerWorld world;
    private Instant began = Instant.EPOCH;
    private String requestId = "";
    private Command xaa;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of("xaa.ledger.checkpoint-every", "PT0.5S"));
        Map<String, String> environment = new HashMap<>();
        world.stores()
                .config()
                .forEach((key, value) ->
                        environment.put(key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        environment.put("XAA_POLICY_FILE", world.policyFile().toString());
        environment.put("XAA_KEYS_FILE", world.keyFile().toString());
        xaa = new Command(home, environment);
        began = Instant.now();
        String token = world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken();
        requestId = connect(token, world.demo().files().resource());
        connect(token, "https://unknown.example");
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    private String connect(String token, String resource) {
        Response answer = world.as("cursor").refreshToken(token).to(resource).send();
        return answer.header("X-Request-Id");
    }

    private String[] atBroker(String... command) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(
                "--broker",
                world.issuer(),
                "--token-file",
                world.adminTokenFile().toString()));
        return line.toArray(String[]::new);
    }

    private void sql(String statement, Object... values) throws Exception {
        try (Connection sql = world.stores().sql();
                PreparedStatement run = sql.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                run.setObject(i + 1, values[i]);
            }
            run.executeUpdate();
        }
    }

    private static List<JsonNode> lines(String text) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @Test
    @Rules("G7")
    void aWholeLedgerIsProvenAgainstTheLogAndATamperedEntryIsNamed() throws Exception {
        Path log = Files.writeString(folder.resolve("broker.log"), awaitCheckpoint());

        Ended whole = xaa.run("ledger", "verify", "--log", log.toString());
        Ended asked = xaa.run(atBroker("ledger", "verify", "--json"));
        sql("update ledger_entry set granted = 'files.write' where request_id = ?", requestId);
        Ended tampered = xaa.run("ledger", "verify");
        Ended seen = xaa.run(atBroker("ledger", "verify"));
        sql("update ledger_entry set granted = 'files.read' where request_id = ?", requestId);
        Ended restored = xaa.run("ledger", "verify");
        Ended cut = xaa.run("ledger", "verify", "--checkpoint", "0".repeat(64));

        assertThat(whole.code()).as(whole.out() + whole.err()).isZero();
        assertThat(whole.out()).contains("the ledger is whole; entries: ", "every checkpoint of the log is in it: ");
        assertThat(asked.code()).as(asked.out() + asked.err()).isZero();
        assertThat(JSON.readTree(asked.out()).path("whole").asBoolean()).isTrue();
        for (Ended found : List.of(tampered, seen)) {
            assertThat(found.code()).as(found.out() + found.err()).isEqualTo(1);
            assertThat(found.out()).contains("THE LEDGER IS NOT WHOLE: link ", "was changed", requestId);
        }
        assertThat(restored.code()).isZero();
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.out()).contains("of the log was cut");
    }

    private String awaitCheckpoint() throws Exception {
        Instant end = Instant.now().plusSeconds(20);
        while (!world.broker().log().contains("Ledger checkpoint writer=")) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
        return world.broker().log();
    }

    @Test
    void bothWaysExportTheSameLines() throws Exception {
        Path file = folder.resolve("ledger.jsonl");
        Ended direct = xaa.run("ledger", "export", "--since", began.toString(), "--output", file.toString());
        Ended asked = xaa.run(atBroker("ledger", "export", "--since", began.toString()));
        Ended none =
                xaa.run("ledger", "export", "--until", began.minusSeconds(3600).toString());

        assertThat(direct.code()).as(direct.out() + direct.err()).isZero();
        assertThat(direct.out()).contains(" entries written to " + file);
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(asked.out()).isEqualTo(Files.readString(file));
        assertThat(lines(asked.out()))
                .anyMatch(line -> line.path("requestId").asText().equals(requestId)
                        && line.path("decision").asText().equals("allowed")
                        && line.path("granted").asText().equals("files.read"))
                .anyMatch(line -> line.path("reason").asText().equals("server-unknown"));
        assertThat(file.resolveSibling("ledger.jsonl.part")).doesNotExist();
        assertThat(none.out()).isEmpty();
        assertThat(none.code()).isZero();
    }

    @Test
    void ocsfHasAnEventForEachEntry() throws Exception {
        Ended ended = xaa.run("ledger", "export", "--format", "ocsf");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(lines(ended.out()))
                .anyMatch(event -> event.path("class_uid").asInt() == 3002
                        && event.at("/metadata/correlation_uid").asText().equals(requestId)
                        && event.path("status").asText().equals("Success"));
    }

    @Test
    void moreThanAPageIsExportedWholeAndInOrder() throws Exception {
        sql(
                "insert into ledger_entry (writer, seq, place, id, at, request_id, tenant, client, decision, reason, weaker)"
                        + " select 'pages', x, 0, 'a' || lpad(cast(x as varchar), 6, '0'), timestamp with time zone"
                        + " '2020-01-01 00:00:00Z' + x * interval '1' second, 'p' || x, 'pages', 'c', 'allowed', 'allowed', false"
                        + " from system_range(1, 2500) as r(x)");
        try {
            Ended ended = xaa.run("ledger", "export", "--tenant", "pages");

            assertThat(ended.code()).as(ended.err()).isZero();
            List<JsonNode> lines = lines(ended.out());
            assertThat(lines).hasSize(2500);
            assertThat(lines.get(0).path("requestId").asText()).isEqualTo("p1");
            assertThat(lines.get(2499).path("requestId").asText()).isEqualTo("p2500");
        } finally {
            sql("delete from ledger_entry where tenant = 'pages'");
        }
    }

    @Test
    void wrongUsageAndWhatCannotBeReadSayWhatToDo() throws Exception {
        Command nowhere =
                new Command(xaa.home(), Map.of("XAA_KEYS_FILE", world.keyFile().toString()));

        Ended format = xaa.run("ledger", "export", "--format", "csv");
        Ended hash = xaa.run("ledger", "verify", "--checkpoint", "abc");
        Ended tenant = nowhere.run("ledger", "export");
        Ended noKeys = new Command(xaa.home(), Map.of("XAA_KEYS_FILE", "no-such.json")).run("ledger", "verify");
        Ended token = xaa.run("ledger", "verify", "--broker", world.issuer());

        for (Ended ended : List.of(format, hash, tenant, noKeys, token)) {
            assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(2);
        }
        assertThat(format.err()).contains("--format is jsonl or ocsf");
        assertThat(tenant.err()).contains("--tenant NAME");
        assertThat(noKeys.err()).contains("no-such.json cannot be read");
        assertThat(token.err()).contains("--token-file");
    }
}
