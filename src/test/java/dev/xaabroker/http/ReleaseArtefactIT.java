package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What is shipped holds none of the demo world (ADR 5). */
class ReleaseArtefactIT {

    @Test
    @DisabledIfSystemProperty(named = "xaa.binary", matches = ".+", disabledReason = "looks into the jar")
    void holdsNothingOfTheDemoWorld() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target", "quarkus-app"))) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();

            assertThat(jars).anyMatch(jar -> entries(jar).anyMatch(name -> name.startsWith("dev/xaabroker/broker/")));
            for (Path jar : jars) {
                assertThat(entries(jar)).as(jar.toString()).noneMatch(name -> name.startsWith("dev/xaabroker/demo/"));
            }
        }
    }

    private static Stream<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
