package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.xaabroker.demo.DemoWorld;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Command.Ended;
import dev.xaabroker.testing.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code xaa doctor} in a world where all is well, and with one fault planted after the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SECRETS = List.of(
            "cursor-demo-secret",
            "vscode-demo-secret",
            "cursor-at-idp-demo-secret",
            "vscode-at-idp-demo-secret",
            "vscode-at-wiki-demo-secret",
            "100%",
            "BEGIN PRIVATE",
            "postgres:postgres");

    @TempDir
    Path folder;

    private BrokerWorld world;

    @BeforeAll
    void start() throws Exception {
        world = BrokerWorld.real(UnaryOperator.identity(), Map.of());
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        world.stores().config().forEach((key, value) -> environment.put(variable(key), value));
        environment.put("XAA_POLICY_FILE", world.policyFile().toString());
        environment.put("XAA_OAUTH_ISSUER", world.issuer());
        environment.put("XAA_OUTBOUND_DEVELOPMENT", "true");
        environment.put("XAA_KEYS_FILE", world.keyFile().toString());
        return environment;
    }

    private static String variable(String key) {
        return key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private Ended doctor(Map<String, String> more, String... arguments) throws Exception {
        Map<String, String> environment = environment();
        environment.putAll(more);
        List<String> line = new ArrayList<>(List.of("doctor"));
        line.addAll(List.of(arguments));
        Ended ended = new Command(folder, environment).run(line.toArray(String[]::new));
        assertThat(ended.out() + ended.err()).doesNotContain(SECRETS);
        return ended;
    }

    /** Each fault as {@code OF: CHECK: FOUND: FIX}. */
    private static List<String> verdicts(Ended ended, String verdict) throws Exception {
        List<String> found = new ArrayList<>();
        for (JsonNode check : JSON.readTree(ended.out()).path("checks")) {
            if (check.path("verdict").asText().equals(verdict)) {
                found.add(check.path("of").asText() + ": " + check.path("check").asText() + ": "
                        + check.path("found").asText() + ": "
                        + check.path("fix").asText());
            }
        }
        return found;
    }

    @Test
    void allIsWellInTheDemoWorld() throws Exception {
        Ended ended = doctor(Map.of(), "--json");

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(verdicts(ended, "fault")).isEmpty();
        assertThat(verdicts(ended, "warning")).singleElement().asString().contains("xaa.outbound.development");
        assertThat(verdicts(ended, "skipped")).isEmpty();
        assertThat(verdicts(ended, "ok"))
                .anyMatch(check -> check.startsWith("identity provider corp: leg 1 vscode to wiki"))
                .anyMatch(check -> check.startsWith("server wiki: client vscode-at-wiki"))
                .anyMatch(check -> check.startsWith("database: keys of the database"))
                .anyMatch(check -> check.startsWith("state: maxmemory-policy"));
    }

    @Test
    void itTellsPeopleOneLineForEachCheckAndTheFixBelowAFault() throws Exception {
        world.idp().behaviour.metadataIssuer = world.idp().issuer() + "/";
        try {
            Ended ended = doctor(Map.of(), "--idp", "corp");

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out())
                    .contains(
                            "identity provider corp",
                            "  FAULT    issuer",
                            "      fix: write it as they do, byte for byte")
                    .contains("1 FAULT")
                    .doesNotContain("server wiki");
            assertThat(ended.err()).isEmpty();
        } finally {
            world.demo().reset();
        }
    }

    @Test
    void itLooksAtWhatItIsAskedTo() throws Exception {
        Ended one = doctor(Map.of(), "--json", "--connection", "everyone-wiki");
        Ended offline = doctor(Map.of(), "--json", "--offline");
        world.demo().reset();
        Ended file = doctor(
                Map.of("XAA_POLICY_FILE", ""),
                "--json",
                "--offline",
                world.policyFile().toString());
        Ended unknown = doctor(Map.of(), "--server", "wikki");
        Ended nothing = doctor(Map.of("XAA_POLICY_FILE", ""));

        assertThat(verdicts(one, "ok"))
                .anyMatch(check -> check.startsWith("server wiki"))
                .noneMatch(check -> check.startsWith("server files") || check.contains(" to files"));
        assertThat(verdicts(offline, "ok")).anyMatch(check -> check.startsWith("broker: key ring"));
        assertThat(file.code()).as(file.out() + file.err()).isEqualTo(1); // plain http without the switch
        assertThat(world.idp().count("metadata")).isZero();
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("--server wikki", "files, wiki");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("xaa.policy.file");
    }

    /**
     * A scope that a server's lists do not know is suspect and no more (RFC 8414 s2): it counts where the caller says so.
     */
    @Test
    void aScopeThatNobodyListsIsAWarningThatCountsWhenAsked() throws Exception {
        PlantedFaults.scopesListed(world.demo().files(), "files.read", "files.list");
        try {
            Ended ended = doctor(Map.of(), "--json", "--server", "files", "--strict");

            assertThat(ended.code()).isEqualTo(1);
            assertThat(verdicts(ended, "warning"))
                    .anyMatch(check -> check.startsWith("server files: scopes:")
                            && check.contains("lists files.write")
                            && check.contains("correct scopes at servers.files"));
            assertThat(verdicts(ended, "fault")).isEmpty();
        } finally {
            world.demo().reset();
        }
    }

    static Stream<PlantedFaults.Planted> faults() {
        return PlantedFaults.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void findsThePlantedFaultAndNamesTheFix(PlantedFaults.Planted planted) throws Exception {
        DemoWorld demo = world.demo();
        PlantedFaults.Bed bed = new PlantedFaults.Bed(
                demo, (Stores.Real) world.stores(), Files.readString(world.policyFile()), world.keyFile(), folder);
        try (PlantedFaults.Grown grown = planted.plant().in(bed)) {
            Ended ended = doctor(grown.environment(), "--json");

            assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(1);
            List<String> faults = verdicts(ended, "fault");
            assertThat(faults).as(ended.out()).hasSize(planted.faults()).allSatisfy(fault -> assertThat(fault)
                    .startsWith(planted.where())
                    .contains(planted.words()));
        } finally {
            demo.reset();
        }
    }
}
