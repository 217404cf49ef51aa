package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.deploy.Chart.Objects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.smallrye.config.ConfigValidationException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart sets is what the broker reads. */
class ChartSettingsTest {

    /** Set for the policy's own references and for the JVM: the broker's configuration does not know them. */
    private static final List<String> NOT_OURS = List.of("CURSOR_SECRET", "JAVA_TOOL_OPTIONS");

    private static final KnownSettings KNOWN = new KnownSettings();

    @TempDir
    private Path folder;

    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everySettingIsOneThatTheBrokerReads(Path values) {
        String settings = settings(new Objects(StrictModel.read(Chart.text(values, Map.of()))));

        KNOWN.check(settings);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyEnvironmentVariableIsOneThatTheBrokerReads(Path values) {
        Objects objects = new Objects(StrictModel.read(Chart.text(values, Map.of())));

        assertThat(objects.one(Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .extracting(EnvVar::getName)
                .filteredOn(name -> !NOT_OURS.contains(name))
                .allMatch(KNOWN::isVariable);
        objects.all(Job.class).forEach(job -> assertThat(job.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .extracting(EnvVar::getName)
                .allMatch(KNOWN::isVariable));
    }

    @Test
    void aSettingThatTheBrokerDoesNotReadIsFound() {
        assertThatThrownBy(() -> KNOWN.check("xaa.oauth.issuer=https://x\nxaa.policy.flie=/etc/xaa/policy\n"))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("xaa.policy.flie");
        assertThatThrownBy(() -> KNOWN.check("xaa.oauth.issuer=https://x\nquarkus.redis.user=x\n"))
                .hasMessageContaining("quarkus.redis.user");
        assertThatThrownBy(() -> KNOWN.check("xaa.oauth.issuer=https://x\nquarkus.datasource.db-kind=h2\n"))
                .as("fixed when the broker was built")
                .hasMessageContaining("quarkus.datasource.db-kind");
        assertThat(KNOWN.isVariable("QUARKUS_REDIS_PASSWROD")).isFalse();
        assertThat(KNOWN.isVariable("XAA_OAUTH_ISSUR")).isFalse();
    }

    @Test
    void valuesKeepTheirBackslashes() throws Exception {
        Path values = Files.writeString(folder.resolve("more.yaml"), "config: { quarkus.log.console.format: 'a\\tb' }");
        Path all = Chart.merge(Chart.valueSet("minimal"), values, folder.resolve("values.yaml"));
        Properties read = new Properties();

        read.load(new StringReader(settings(new Objects(StrictModel.read(Chart.text(all, Map.of()))))));

        assertThat(read).containsEntry("quarkus.log.console.format", "a\\tb");
    }

    private static String settings(Objects objects) {
        return objects.named(ConfigMap.class, "xaa-xaa-broker-settings")
                .getData()
                .get("application.properties");
    }
}
