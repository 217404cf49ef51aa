package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.NOW;
import static dev.xaabroker.policy.Example.allowed;
import static dev.xaabroker.policy.Example.ask;
import static dev.xaabroker.policy.Example.login;
import static dev.xaabroker.policy.Example.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySampleTest {

    private static final Path SAMPLE = Path.of("policies/samples/managed-connections.sample.yaml");

    @TempDir
    Path directory;

    @Test
    void theSampleLoadsAndDoesWhatItSays() throws IOException {
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
    void theSampleFillsEveryEntry() throws IOException {
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

    private Policy load() throws IOException {
        Example.writeKeys(directory.resolve("keys"));
        Path file = Files.copy(SAMPLE, directory.resolve("managed-connections.yaml"));
        return PolicyReader.serving(Example::environment, false).read(file);
    }
}
