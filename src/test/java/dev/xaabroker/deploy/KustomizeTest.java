package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.deploy.Chart.Objects;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code kubectl kustomize} makes of the overlays. It needs kubectl, and is therefore no part of {@code verify}. */
@Tag("kustomize")
class KustomizeTest {

    private static Objects render(String overlay) throws Exception {
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", "k8s/overlays/" + overlay)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String yaml = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kubectl.exitValue()).isZero();
        return new Objects(StrictModel.read(yaml));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void everyFieldOfEveryObjectIsKnownToKubernetesAndSelectorsFindThePods(String overlay) throws Exception {
        Objects objects = render(overlay);

        Map<String, String> pods = objects.one(Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        assertThat(pods)
                .containsAllEntriesOf(objects.one(Service.class).getSpec().getSelector());
        assertThat(pods)
                .containsAllEntriesOf(
                        objects.one(Deployment.class).getSpec().getSelector().getMatchLabels());
        assertThat(pods)
                .containsAllEntriesOf(objects.named(NetworkPolicy.class, "xaa-broker")
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels());
        ChartTemplatesTest.assertLockedDown(pod(objects));
        objects.all(Job.class)
                .forEach(job -> ChartTemplatesTest.assertLockedDown(
                        job.getSpec().getTemplate().getSpec()));
    }

    @Test
    void settingsRollThePodsAndThePolicyDoesNot() throws Exception {
        assertThat(pod(render("production")).getVolumes())
                .filteredOn(volume -> volume.getConfigMap() != null)
                .extracting(volume -> volume.getConfigMap().getName())
                .satisfiesExactlyInAnyOrder(
                        name -> assertThat(name).matches("xaa-broker-settings-[a-z0-9]+"),
                        name -> assertThat(name).isEqualTo("xaa-broker-policy"));
    }

    @Test
    void productionIsWhatTheChartMakesOfItsValues() throws Exception {
        Objects kustomize = render("production");
        Objects chart = Chart.render("production");

        Container ours = pod(kustomize).getContainers().getFirst();
        Container theirs = pod(chart).getContainers().getFirst();
        assertThat(ours.getStartupProbe()).isEqualTo(theirs.getStartupProbe());
        assertThat(ours.getLivenessProbe()).isEqualTo(theirs.getLivenessProbe());
        assertThat(ours.getReadinessProbe()).isEqualTo(theirs.getReadinessProbe());
        assertThat(ours.getLifecycle()).isEqualTo(theirs.getLifecycle());
        assertThat(ours.getSecurityContext()).isEqualTo(theirs.getSecurityContext());
        assertThat(ours.getResources()).isEqualTo(theirs.getResources());
        assertThat(ours.getArgs()).isEqualTo(theirs.getArgs());
        assertThat(ours.getPorts()).isEqualTo(theirs.getPorts());
        assertThat(pod(kustomize).getSecurityContext()).isEqualTo(pod(chart).getSecurityContext());
        assertThat(pod(kustomize).getTerminationGracePeriodSeconds())
                .isEqualTo(pod(chart).getTerminationGracePeriodSeconds());
        assertThat(kustomize.one(Deployment.class).getSpec().getStrategy())
                .isEqualTo(chart.one(Deployment.class).getSpec().getStrategy());
        assertThat(variables(kustomize)).containsExactlyInAnyOrderElementsOf(variables(chart));
        assertThat(kustomize.one(ServiceMonitor.class).getSpec().getEndpoints())
                .isEqualTo(chart.one(ServiceMonitor.class).getSpec().getEndpoints());
    }

    private static List<String> variables(Objects objects) {
        return objects.one(Job.class).getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .map(EnvVar::getName)
                .toList();
    }

    private static PodSpec pod(Objects objects) {
        return objects.one(Deployment.class).getSpec().getTemplate().getSpec();
    }
}
