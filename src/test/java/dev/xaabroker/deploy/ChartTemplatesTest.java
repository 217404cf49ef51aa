package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.deploy.Chart.Objects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each template makes of its values. */
class ChartTemplatesTest {

    private final Objects minimal = Chart.render("minimal");
    private final Objects production = Chart.render("production");
    private final Objects embedded = Chart.render("embedded");
    private final Objects gateway = Chart.render("gateway");

    private static PodSpec pod(Objects objects) {
        return objects.one(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static Container broker(Objects objects) {
        return pod(objects).getContainers().getFirst();
    }

    @Test
    void aReplicaIsReadyBeforeAnotherGoes() {
        var spec = minimal.one(Deployment.class).getSpec();

        assertThat(spec.getReplicas()).isEqualTo(3);
        assertThat(spec.getStrategy().getType()).isEqualTo("RollingUpdate");
        assertThat(spec.getStrategy().getRollingUpdate().getMaxUnavailable()).isEqualTo(new IntOrString(0));
        assertThat(spec.getStrategy().getRollingUpdate().getMaxSurge()).isEqualTo(new IntOrString(1));
        assertThat(minimal.one(PodDisruptionBudget.class).getSpec().getMaxUnavailable())
                .isEqualTo(new IntOrString(1));
        assertThat(pod(minimal).getTopologySpreadConstraints()).hasSize(2);
    }

    @Test
    void theBrokerKnowsHowManyThereAreAtMost() {
        assertThat(settings(minimal)).contains("xaa.replicas=3\n");
        assertThat(settings(production)).contains("xaa.replicas=12\n");
        assertThat(settings(embedded)).doesNotContain("xaa.replicas");
    }

    @Test
    void theGracePeriodHoldsThePauseAndTheDrain() {
        Objects slow = Chart.render("minimal", Map.of("shutdown.pauseSeconds", 12, "shutdown.drainSeconds", 40));

        assertThat(broker(slow).getLifecycle().getPreStop().getSleep().getSeconds())
                .isEqualTo(12);
        assertThat(settings(slow)).contains("quarkus.shutdown.timeout=40s");
        assertThat(pod(slow).getTerminationGracePeriodSeconds()).isEqualTo(62);
    }

    @Test
    void thePodIsLockedDown() {
        for (Objects objects : List.of(minimal, production, embedded, gateway, Chart.render("jvm"))) {
            assertLockedDown(pod(objects));
            objects.all(Job.class)
                    .forEach(job -> assertLockedDown(job.getSpec().getTemplate().getSpec()));
            objects.all(ServiceAccount.class).forEach(account -> assertThat(account.getAutomountServiceAccountToken())
                    .isFalse());
        }
    }

    static void assertLockedDown(PodSpec pod) {
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getContainers()).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .contains("/tmp");
        });
    }

    @Test
    void everyMountHasItsVolumeAndNoneIsASubPath() {
        for (Objects objects : List.of(minimal, production, embedded, gateway)) {
            assertThat(broker(objects).getVolumeMounts()).allSatisfy(mount -> {
                assertThat(mount.getSubPath()).isNull();
                assertThat(pod(objects).getVolumes())
                        .anyMatch(volume -> volume.getName().equals(mount.getName()));
            });
            assertThat(pod(objects).getVolumes()).hasSameSizeAs(broker(objects).getVolumeMounts());
        }
    }

    @Test
    void probesAskTheBrokersOwnHealth() {
        assertThat(broker(minimal).getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
        assertThat(broker(minimal).getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
        assertThat(broker(minimal).getStartupProbe().getHttpGet().getPath()).isEqualTo("/q/health/started");
    }

    @Test
    void aChangeOfTheSettingsRollsThePodsAndAChangeOfThePolicyDoesNot() {
        Map<String, String> before = annotations(embedded);

        assertThat(annotations(Chart.render("embedded", Map.of("shutdown.drainSeconds", 30))))
                .isNotEqualTo(before);
        assertThat(annotations(
                        Chart.render("embedded", Map.of("policy.files.more\\.yaml", "kind: ManagedConnections"))))
                .isEqualTo(before);
    }

    private static Map<String, String> annotations(Objects objects) {
        return objects.one(Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations();
    }

    @Test
    void thePolicyIsMountedAsAFolder() {
        assertThat(embedded.named(ConfigMap.class, "xaa-xaa-broker-policy")
                        .getData()
                        .get("company.yaml"))
                .startsWith("apiVersion: xaa/v1\n");
        assertThat(settings(embedded)).contains("xaa.policy.file=/etc/xaa/policy");
        assertThat(minimal.all(ConfigMap.class)).hasSize(1);
        assertThat(pod(minimal).getVolumes())
                .anyMatch(volume -> volume.getName().equals("policy")
                        && volume.getConfigMap().getName().equals("managed-connections"));
    }

    @Test
    void secretsComeByReferenceAndAreReadableToTheBrokerAlone() {
        assertThat(pod(production).getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .extracting(volume -> volume.getSecret().getSecretName())
                .containsExactly("xaa-keys", "figma-client", "wiki");
        assertThat(pod(production).getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .allSatisfy(volume ->
                        assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440));
        assertThat(broker(production).getEnv())
                .allSatisfy(variable ->
                        assertThat(variable.getValueFrom().getSecretKeyRef()).isNotNull());
    }

    @Test
    void embeddedModeIsOneReplicaThatKeepsItsData() {
        assertThat(embedded.one(Deployment.class).getSpec().getReplicas()).isOne();
        assertThat(embedded.one(Deployment.class).getSpec().getStrategy().getType())
                .isEqualTo("Recreate");
        assertThat(embedded.one(PersistentVolumeClaim.class)
                        .getSpec()
                        .getResources()
                        .getRequests())
                .containsEntry("storage", new Quantity("1Gi"));
        assertThat(settings(embedded))
                .contains("xaa.embedded.folder=/var/lib/xaa/data")
                .doesNotContain("jdbc");
        assertThat(broker(embedded).getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/var/lib/xaa");
        assertThat(embedded.all(PodDisruptionBudget.class)).isEmpty();
    }

    @Test
    void eachFlavourGetsItsMemory() {
        Objects jvm = Chart.render("jvm", Map.of("heap", "300m"));

        assertThat(broker(minimal).getArgs()).containsExactly("-Xmx128m");
        assertThat(broker(jvm).getArgs()).isEmpty();
        assertThat(broker(jvm).getEnv())
                .anyMatch(variable -> variable.getName().equals("JAVA_TOOL_OPTIONS")
                        && variable.getValue().equals("-Xmx300m"));
        assertThat(broker(production).getResources().getLimits()).containsEntry("memory", new Quantity("320Mi"));
        assertThat(broker(production).getResources().getRequests()).containsEntry("memory", new Quantity("192Mi"));
    }

    @Test
    void theImageIsNamedByDigestWhenThereIsOne() {
        assertThat(broker(production).getImage()).startsWith("registry.acme.example/xaa-broker@sha256:");
        assertThat(broker(minimal).getImage()).isEqualTo("registry.acme.example/xaa-broker:0.1.0");
        assertThat(production
                        .one(Job.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .isEqualTo(broker(production).getImage());
    }

    private static String settings(Objects objects) {
        return objects.named(ConfigMap.class, "xaa-xaa-broker-settings")
                .getData()
                .get("application.properties");
    }
}
