package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.NOW;
import static dev.xaabroker.policy.Example.allowed;
import static dev.xaabroker.policy.Example.ask;
import static dev.xaabroker.policy.Example.login;
import static dev.xaabroker.policy.Example.reason;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySampleTest {

    private static final Path SAMPLE = Path.of("policies/samples/company.yaml");

    @TempDir
    Path directory;

    @Test
    void theCompanyLoadsAndDoesWhatItSays() throws IOException {
        Policy policy = load();

        assertThat(policy.tenant()).isEqualTo("acme");
        assertThat(policy.maxSessionAge()).isEqualTo(Duration.ofHours(12));
        assertThat(policy.signingKeys()).hasSize(2);
        Decision decision = policy.decide(
                ask(policy, "cursor", "https://mcp.figma.example/mcp/", "files.read"),
                login("phr", NOW.minusSeconds(600), "engineering"));
        assertThat(allowed(decision).connections()).containsExactly("eng-figma");
        assertThat(allowed(decision).ttl()).isEqualTo(Duration.ofMinutes(2));
        assertThat(reason(policy.decide(
                        ask(policy, "claude-code", "https://mcp.figma.example/mcp"), login("phr", NOW, "engineering"))))
                .isEqualTo("client-disabled");
    }

    @Test
    void theCompanyFillsEveryEntry() throws IOException {
        Policy policy = load();

        var cursor = policy.client("cursor").orElseThrow();
        assertThat(cursor.auth()).isInstanceOf(ClientAuth.PrivateKeyJwt.class);
        Credentials.PrivateKeyJwt atIdp = (Credentials.PrivateKeyJwt) cursor.atIdentityProvider();
        assertThat(atIdp.clientId()).isEqualTo("0oa-cursor");
        assertThat(atIdp.shape()).isEqualTo(new AssertionShape(AssertionShape.TOKEN_ENDPOINT, null));
        var corp = policy.identityProvider(cursor);
        assertThat(corp.peer().name()).isEqualTo("idp:corp");
        assertThat(corp.claims()).containsEntry("department", "dept").containsEntry("groups", "groups");
        assertThat(corp.recheck()).isEqualTo(Duration.ofSeconds(60));
        Server figma = policy.server("https://mcp.figma.example/mcp").orElseThrow();
        assertThat(figma.peer().name()).isEqualTo("ras:figma");
        assertThat(figma.tier()).isEqualTo(Server.Tier.INTERNAL);
        assertThat(figma.scopes()).isEqualTo(Scopes.of("files.read", "files.write"));
        assertThat(((Credentials.PrivateKeyJwt) figma.auth()).shape()).isEqualTo(AssertionShape.STANDARD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"small-start.yaml", "company.yaml", "teams"})
    void eachSampleLoadsPassesItsTestsAndIsFineForTheSchema(String name) throws IOException {
        Path sample = Path.of("policies/samples", name);
        Policy policy = PolicyReader.reviewing(false).read(sample);

        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                assertThat(PolicySchema.errors(PolicySchema.json(text)))
                        .as(file.toString())
                        .isEmpty();
                assertThat(text).startsWith("# yaml-language-server: $schema=");
                String schema = text.lines().findFirst().orElse("").replaceFirst(".*=", "");
                assertThat(file.resolveSibling(schema)).exists();
            }
        }
        JsonNode tests = PolicySchema.json(policy.canonical()).get("tests");
        assertThat(tests).hasSizeGreaterThan(2);
        tests.forEach(test -> assertThat(answer(policy, test.get("given")))
                .as(test.get("name").textValue())
                .isEqualTo(expected(test.get("expect"))));
    }

    /** What a test expects: the decision, and what else it names. */
    private static List<String> expected(JsonNode expect) {
        List<String> scopes = new ArrayList<>();
        expect.path("scopes").forEach(scope -> scopes.add(scope.textValue()));
        return expect.get("decision").textValue().equals("allow")
                ? List.of("allow", String.join(" ", scopes))
                : List.of(expect.get("reason").textValue());
    }

    private static List<String> answer(Policy policy, JsonNode given) {
        JsonNode user = given.get("user");
        Instant at = Instant.parse(given.path("at").asText(NOW.toString()));
        JsonNode servers = PolicySchema.json(policy.canonical()).get("servers");
        List<String> groups = new ArrayList<>();
        user.path("groups").forEach(group -> groups.add(group.textValue()));
        List<String> scopes = new ArrayList<>();
        given.path("scopes").forEach(scope -> scopes.add(scope.textValue()));
        String age = user.path("authAge").asText("");
        Decision decision = policy.decide(
                new Policy.Query(
                        policy.client(given.get("client").textValue()).orElseThrow(),
                        servers.get(given.get("server").textValue())
                                .get("resource")
                                .textValue(),
                        Optional.empty(),
                        scopes.isEmpty() ? Optional.empty() : Optional.of(Scopes.of(scopes)),
                        at),
                login(
                        user.path("acr").textValue(),
                        age.isEmpty() ? null : at.minus(Duration.parse("PT" + age.toUpperCase(Locale.ROOT))),
                        groups.toArray(String[]::new)));
        return decision instanceof Decision.Allowed allowed
                ? List.of("allow", String.join(" ", allowed.scopes().values()))
                : List.of(reason(decision));
    }

    private Policy load() throws IOException {
        Example.writeKeys(directory.resolve("keys"));
        Path file = Files.copy(SAMPLE, directory.resolve("managed-connections.yaml"));
        return Example.read(file);
    }
}
