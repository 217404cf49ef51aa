package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Helm renders each value set, and the Kubernetes model knows every field of it. */
class ChartTest {

    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    @Test
    void lintsWithItsOwnValues() {
        LintResult result = new Helm(Chart.FOLDER).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void lintsWithEachValueSet(Path values, @TempDir Path scratch) throws Exception {
        LintResult result = Chart.lint(values, scratch);

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyFieldOfEveryObjectIsKnownToKubernetes(Path values) {
        List<HasMetadata> objects = StrictModel.read(Chart.text(values, Map.of()));

        assertThat(objects).hasSizeGreaterThan(3).allSatisfy(object -> {
            assertThat(object.getMetadata().getName()).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
            assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/name", "xaa-broker")
                    .containsEntry("app.kubernetes.io/instance", "xaa")
                    .containsKeys("app.kubernetes.io/version", "app.kubernetes.io/component");
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void noSecretIsMadeOrWrittenOut(Path values) {
        assertThat(Chart.text(values, Map.of())).doesNotContain("kind: Secret");
    }

    @Test
    void anInstallWithoutAnyValueSaysWhatIsMissing() {
        assertThatThrownBy(() -> new Helm(Chart.FOLDER)
                        .template()
                        .withName("xaa")
                        .withKubeVersion(Chart.KUBERNETES)
                        .call())
                .hasMessageContaining("issuer: name the address under which clients reach the broker");
    }

    @Test
    void theModelRefusesFieldsThatItDoesNotKnowHoweverDeep() {
        String deployment = Chart.text(Chart.valueSet("minimal"), Map.of());

        for (String planted : List.of(
                "maxSurge: 1@maxSurge: 1\n      maxSurgery: 1",
                "readOnlyRootFilesystem: true@readOnlyRootFilesystems: true",
                "periodSeconds: 1\n@periodSecond: 1\n",
                "kind: PodDisruptionBudget@kind: PodDisruptionBudgets",
                "podSelector:@podSelectors:",
                "allowPrivilegeEscalation:@allowPrivilegesEscalation:",
                "backoffLimit:@backofLimit:",
                "name: http\n              containerPort@name: http\n              containerport")) {
            String[] change = planted.split("@", 2);
            assertThat(deployment).contains(change[0]);

            assertThatThrownBy(() -> StrictModel.read(deployment.replace(change[0], change[1])))
                    .as(change[1])
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageFindingMatch("(?i)unrecognized field|unknown kind");
        }
    }
}
