package dev.xaabroker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setting that is unsafe where real users are is named, with what to do about it. */
class DeploymentTest {

    private static final String ISSUER = "https://broker.acme.example";
    private static final String SWITCH = "xaa.outbound.development";

    @TempDir
    Path folder;

    private Path policy;

    @BeforeEach
    void writePolicy() throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), "version: 1\n");
    }

    private Deployment fleet() {
        return new Deployment(ISSUER, Set.of(), Optional.of(policy), false, false, false, 3);
    }

    private Deployment with(String issuer, Set<String> development) {
        return new Deployment(issuer, development, Optional.of(policy), false, false, false, 3);
    }

    private static void refused(Deployment deployment, String... words) {
        assertThat(deployment.faults()).singleElement().asString().contains(words);
    }

    @Test
    void aFleetOnPostgresAndRedisWithItsOwnKeysIsSafe() {
        assertThat(fleet().faults()).isEmpty();
    }

    @Test
    void oneNodeMayBeEmbedded() {
        assertThat(new Deployment(ISSUER, Set.of(), Optional.of(policy), true, true, true, 1).faults())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://broker.acme.example", "http://127.0.0.1:8080"})
    void aPlainHttpIssuerIsRefused(String issuer) {
        refused(with(issuer, Set.of()), "xaa.oauth.issuer=" + issuer, "plain http", "set the https URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker.acme.example",
                "https://",
                "https://broker.acme.example?x=1",
                "https://broker.acme.example#x",
                "ftp://broker.acme.example",
                "https://bro ker"
            })
    void whatIsNoIssuerIsRefused(String issuer) {
        refused(with(issuer, Set.of()), issuer, "is no issuer identifier", "set it to the https URL");
    }

    @Test
    void aDevelopmentSwitchIsForLoopbackOnly() {
        refused(with(ISSUER, Set.of(SWITCH)), SWITCH, "not on loopback", "remove it");
        for (String issuer : new String[] {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"}) {
            assertThat(with(issuer, Set.of(SWITCH)).faults()).isEmpty();
        }
    }

    @Test
    void aPolicyMustBeNamedAndThere() {
        refused(
                new Deployment(ISSUER, Set.of(), Optional.empty(), false, false, false, 3),
                "xaa.policy.file is not set",
                "xaa policy lint");
        refused(
                new Deployment(ISSUER, Set.of(), Optional.of(folder.resolve("away.yaml")), false, false, false, 3),
                "away.yaml is not there",
                "mount or write it");
    }

    @Test
    void aKeyRingOfItsOwnIsNoneForPostgres() {
        refused(
                new Deployment(ISSUER, Set.of(), Optional.of(policy), false, false, true, 1),
                "xaa vault new-ring",
                "xaa.keys.file");
    }

    @Test
    void moreThanOneReplicaNeedsPostgres() {
        refused(
                new Deployment(ISSUER, Set.of(), Optional.of(policy), true, false, false, 2),
                "xaa.replicas=2",
                "embedded database",
                "quarkus.datasource.jdbc.url");
    }

    @Test
    void moreThanOneReplicaNeedsRedis() {
        refused(
                new Deployment(ISSUER, Set.of(), Optional.of(policy), false, true, false, 2),
                "xaa.replicas=2",
                "no Redis",
                "quarkus.redis.hosts");
    }

    @Test
    void eachFaultIsNamed() {
        assertThat(new Deployment("http://broker.acme.example", Set.of(), Optional.empty(), true, true, true, 2)
                        .faults())
                .hasSize(4);
    }
}
