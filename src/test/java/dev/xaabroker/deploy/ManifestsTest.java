package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.policy.PolicyReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code k8s/} as they lie there; {@link KustomizeTest} judges what kustomize makes of them. */
class ManifestsTest {

    private static final Path FOLDER = Path.of("k8s");

    static List<Path> objects() throws IOException {
        return files(name -> name.endsWith(".yaml")
                && !name.equals("kustomization.yaml")
                && !name.equals("managed-connections.yaml"));
    }

    static List<Path> policies() throws IOException {
        return files("managed-connections.yaml"::equals);
    }

    static List<Path> settings() throws IOException {
        return files("application.properties"::equals);
    }

    private static List<Path> files(java.util.function.Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> name.test(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void everyFieldOfEveryFileIsKnownToKubernetes(Path file) throws Exception {
        List<HasMetadata> objects = StrictModel.read(Files.readString(file));

        assertThat(objects).isNotEmpty();
    }

    @Test
    void everyFileBelongsToAKustomization() throws Exception {
        for (Path file : objects()) {
            String kustomization = Files.readString(file.resolveSibling("kustomization.yaml"));

            assertThat(kustomization).contains(String.valueOf(file.getFileName()));
        }
        assertThat(objects()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingIsOneThatTheBrokerReads(Path file) throws Exception {
        new KnownSettings().check(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void thePoliciesThatAreThereToBeginWithLoad(Path file) {
        assertThat(PolicyReader.reviewing(false).read(file)).isNotNull();
    }

    @Test
    void thePolicyOfTheChartsSampleLoads(@TempDir Path folder) throws Exception {
        Map<?, ?> values = (Map<?, ?>) Chart.read(Chart.valueSet("embedded"));
        Map<?, ?> files = (Map<?, ?>) ((Map<?, ?>) values.get("policy")).get("files");
        for (Map.Entry<?, ?> file : files.entrySet()) {
            Files.writeString(folder.resolve((String) file.getKey()), (String) file.getValue());
        }

        assertThat(PolicyReader.reviewing(false).read(folder)).isNotNull();
    }
}
