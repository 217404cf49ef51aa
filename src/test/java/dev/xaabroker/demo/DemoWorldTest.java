package dev.xaabroker.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoWorldTest {

    @TempDir
    Path folder;

    @Test
    void writesAPolicyWhoseSecretsAreFilesThatOnlyTheOwnerReads() throws Exception {
        try (DemoWorld world = DemoWorld.start(DemoWorld.Ports.ANY, folder)) {
            assertThat(world.policyFile()).hasContent(world.policyYaml());
            assertThat(world.policyYaml()).doesNotContain("demo-secret", "SECRETS", "ISSUER", "RESOURCE");
            Matcher references = Pattern.compile("\"file:([^\"]+)\"").matcher(world.policyYaml());
            List<Path> files =
                    references.results().map(r -> Path.of(r.group(1))).toList();
            assertThat(files).hasSize(9);
            for (Path file : files) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void givesItsPortsBackAndKeepsItsKeys() throws Exception {
        DemoWorld first = DemoWorld.start(DemoWorld.Ports.ANY, folder);
        int port = URI.create(first.identityProvider().issuer()).getPort();
        String key = first.claudeCodeKey().kid();
        first.close();
        try (DemoWorld second = DemoWorld.start(new DemoWorld.Ports(port, 0, 0), folder)) {
            assertThat(second.claudeCodeKey().kid()).isEqualTo(key);
            DemoWorld.Ports taken = new DemoWorld.Ports(0, port, 0);
            assertThatThrownBy(() -> DemoWorld.start(taken, folder))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(String.valueOf(port));
        }
    }

    @Test
    void recordsParallelRequestsWithoutLosingOne() throws Exception {
        try (DemoWorld world = DemoWorld.start(DemoWorld.Ports.ANY, folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String url = world.identityProvider().jwksUri();
            List<Future<Integer>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> HttpForm.get(url).status()))
                    .toList();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            }
            assertThat(world.identityProvider().count("jwks")).isEqualTo(200);
        }
    }
}
