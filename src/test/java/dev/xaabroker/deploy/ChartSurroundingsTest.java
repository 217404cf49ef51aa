package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.deploy.Chart.Objects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands around the pods: selectors, ways in and out, the migration, metrics. */
class ChartSurroundingsTest {

    private static final Path ALERTS = Chart.FOLDER.resolve("files").resolve("alerts.yaml");

    private final Objects minimal = Chart.render("minimal");
    private final Objects production = Chart.render("production");
    private final Objects gateway = Chart.render("gateway");

    private static PodSpec pod(Objects objects) {
        return objects.one(Deployment.class).getSpec().getTemplate().getSpec();
    }

    @Test
    void everySelectorFindsThePodsAndNotTheMigration() {
        Map<String, String> pods = production
                .one(Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        Map<String, String> migration =
                production.one(Job.class).getSpec().getTemplate().getMetadata().getLabels();

        List<Map<String, String>> selectors = List.of(
                production.one(Deployment.class).getSpec().getSelector().getMatchLabels(),
                production.one(Service.class).getSpec().getSelector(),
                production
                        .one(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels(),
                production
                        .named(NetworkPolicy.class, "xaa-xaa-broker")
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels(),
                pod(production)
                        .getTopologySpreadConstraints()
                        .getFirst()
                        .getLabelSelector()
                        .getMatchLabels());
        assertThat(selectors).allSatisfy(selector -> {
            assertThat(pods).containsAllEntriesOf(selector);
            assertThat(migration.entrySet().containsAll(selector.entrySet())).isFalse();
        });
        assertThat(production.one(Service.class).getMetadata().getLabels())
                .containsAllEntriesOf(production
                        .one(ServiceMonitor.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        assertThat(migration)
                .containsAllEntriesOf(production
                        .named(NetworkPolicy.class, "xaa-xaa-broker-migrate")
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels());
    }

    @Test
    void theMigrationRunsBeforeTheReleaseAsTheOwnerOfTheTables() {
        Job job = production.one(Job.class);

        assertThat(job.getMetadata().getAnnotations()).containsEntry(Chart.HOOK_HERE, "pre-install,pre-upgrade");
        assertThat(job.getSpec().getTemplate().getSpec().getServiceAccountName())
                .as("the chart's account is not there yet")
                .isNull();
        assertThat(job.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .anyMatch(variable -> variable.getName().equals("QUARKUS_DATASOURCE_USERNAME")
                        && variable.getValue().equals("xaa_owner"))
                .anyMatch(variable -> variable.getName().equals("QUARKUS_DATASOURCE_PASSWORD")
                        && variable.getValueFrom().getSecretKeyRef().getName().equals("xaa-postgres-owner"));
        assertThat(settings(production)).contains("xaa.store.migrate=false");
        assertThat(gateway.all(Job.class)).isEmpty();
        assertThat(settings(gateway)).contains("xaa.store.migrate=true");
    }

    @Test
    void autoscalingTakesTheReplicasOver() {
        assertThat(production.one(Deployment.class).getSpec().getReplicas()).isNull();
        assertThat(production.one(HorizontalPodAutoscaler.class).getSpec().getMinReplicas())
                .isEqualTo(3);
        assertThat(production
                        .one(HorizontalPodAutoscaler.class)
                        .getSpec()
                        .getScaleTargetRef()
                        .getName())
                .isEqualTo(production.one(Deployment.class).getMetadata().getName());
        assertThat(minimal.all(HorizontalPodAutoscaler.class)).isEmpty();
    }

    @Test
    void theOutsideReachesClientsAndSignalsOnly() {
        var paths = production
                .one(Ingress.class)
                .getSpec()
                .getRules()
                .getFirst()
                .getHttp()
                .getPaths();
        var matches =
                gateway.one(HTTPRoute.class).getSpec().getRules().getFirst().getMatches();

        assertThat(paths)
                .extracting(path -> path.getPath())
                .containsExactly("/oauth2", "/.well-known/oauth-authorization-server", "/signals", "/admin");
        assertThat(matches)
                .extracting(match -> match.getPath().getValue())
                .containsExactly("/oauth2", "/.well-known/oauth-authorization-server", "/signals");
        assertThat(gateway.one(HTTPRoute.class)
                        .getSpec()
                        .getRules()
                        .getFirst()
                        .getBackendRefs()
                        .getFirst()
                        .getName())
                .isEqualTo(gateway.one(Service.class).getMetadata().getName());
        assertThat(minimal.all(Ingress.class)).isEmpty();
        assertThat(minimal.all(HTTPRoute.class)).isEmpty();
    }

    @Test
    void thePodsGoNowhereButToTheirPeersAndStores() {
        var policy = production.named(NetworkPolicy.class, "xaa-xaa-broker").getSpec();

        assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getIngress().getFirst().getFrom()).hasSize(2);
        assertThat(policy.getEgress())
                .extracting(ChartSurroundingsTest::ports)
                .containsExactly(List.of(53, 53), List.of(5432), List.of(6379), List.of(443, 8443));
        assertThat(policy.getEgress())
                .allSatisfy(rule -> assertThat(rule.getTo()).isNotEmpty());
        assertThat(minimal.named(NetworkPolicy.class, "xaa-xaa-broker")
                        .getSpec()
                        .getIngress())
                .isEmpty();
        assertThat(production
                        .named(NetworkPolicy.class, "xaa-xaa-broker-migrate")
                        .getSpec()
                        .getEgress())
                .extracting(ChartSurroundingsTest::ports)
                .containsExactly(List.of(53, 53), List.of(5432));
    }

    private static List<Integer> ports(NetworkPolicyEgressRule rule) {
        return rule.getPorts().stream().map(port -> port.getPort().getIntVal()).toList();
    }

    @Test
    void metricsAreReadFromThePortOfTheService() {
        var endpoint =
                production.one(ServiceMonitor.class).getSpec().getEndpoints().getFirst();

        assertThat(endpoint.getPath()).isEqualTo("/q/metrics");
        assertThat(production.one(Service.class).getSpec().getPorts().getFirst().getName())
                .isEqualTo(endpoint.getPort().toString());
    }

    @Test
    void alertsComeAsTheyAreWrittenWhenTheChartHasThem(@TempDir Path folder) throws Exception {
        assertThat(production.all(PrometheusRule.class)).hasSize(Files.exists(ALERTS) ? 1 : 0);

        Objects planted = Chart.renderWithAlerts("production", folder, """
                groups:
                  - name: xaa
                    rules:
                      - alert: XaaPolicyWrong
                        expr: xaa_policy_findings > 0
                        annotations: { summary: "{{ $labels.instance }} keeps its last good policy" }
                """);

        var rule = planted.one(PrometheusRule.class)
                .getSpec()
                .getGroups()
                .getFirst()
                .getRules()
                .getFirst();
        assertThat(rule.getAnnotations().get("summary")).startsWith("{{ $labels.instance }}");
        assertThat(minimal.all(PrometheusRule.class)).isEmpty();
    }

    private static String settings(Objects objects) {
        return objects.named(ConfigMap.class, "xaa-xaa-broker-settings")
                .getData()
                .get("application.properties");
    }
}
