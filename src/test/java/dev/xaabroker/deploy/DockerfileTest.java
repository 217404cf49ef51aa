package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a linter of Dockerfiles would say; none of those comes from Maven. */
class DockerfileTest {

    private static final Path FOLDER = Path.of("src/main/docker");

    static List<Path> dockerfiles() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @Test
    void thereIsOneForEachFlavour() throws Exception {
        assertThat(dockerfiles())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("Dockerfile.jvm", "Dockerfile.native");
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void keepsTheRules(Path file) throws Exception {
        assertThat(findings(Files.readString(file))).isEmpty();
    }

    @Test
    void aFaultIsFound() {
        String right = "ARG BASE=debian:13-slim\nFROM ${BASE}\nUSER 65532:65532\nENTRYPOINT [\"/a\"]\n";

        assertThat(findings(right)).isEmpty();
        assertThat(findings(right.replace("65532:65532", "xaa"))).hasSize(1);
        assertThat(findings(right.replace("65532:65532", "0"))).hasSize(1);
        assertThat(findings(right.replace("USER 65532:65532\n", ""))).hasSize(1);
        assertThat(findings(right.replace(":13-slim", ""))).hasSize(1);
        assertThat(findings(right.replace("13-slim", "latest"))).hasSize(1);
        assertThat(findings(right + "ADD https://x.example/a /a\n")).hasSize(1);
        assertThat(findings(right + "ENV DB_PASSWORD=x\n")).hasSize(1);
        assertThat(findings(right + "RUN curl https://x.example | sh\n")).hasSize(1);
        assertThat(findings(right + "RUN apt-get update \\\n  && sudo id\n")).hasSize(1);
        assertThat(findings(right.replace("ENTRYPOINT [\"/a\"]", "ENTRYPOINT /a")))
                .hasSize(1);
        assertThat(findings(right.replace("FROM ${BASE}", "FROM ${OTHER}"))).hasSize(1);
    }

    private static List<String> findings(String dockerfile) {
        List<String> found = new ArrayList<>();
        String user = "";
        boolean entry = false;
        List<String> stages = new ArrayList<>(List.of("scratch"));
        for (String line : instructions(dockerfile)) {
            String[] words = line.split("\\s+", 2);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "ARG" -> {
                    if (rest.startsWith("BASE=")) {
                        stages.add("${BASE}");
                        if (!rest.matches("BASE=[^\\s:@]+(:[0-9][^\\s@:]*)(@sha256:[0-9a-f]{64})?")) {
                            found.add("name a version of the base: " + line);
                        }
                    }
                }
                case "FROM" -> {
                    String[] from = rest.split("\\s+", -1);
                    if (!stages.contains(from[0])) {
                        found.add("take the base from ARG BASE: " + line);
                    }
                    if (from.length == 3) {
                        stages.add(from[2]);
                    }
                    user = "";
                }
                case "USER" -> user = rest;
                case "ENTRYPOINT" -> {
                    entry = true;
                    if (!rest.startsWith("[")) {
                        found.add("without a shell, so that signals arrive: " + line);
                    }
                }
                case "ADD" -> found.add("COPY brings what is there, ADD anything: " + line);
                case "RUN" -> {
                    if (rest.matches("(?s).*\\b(curl|wget|sudo)\\b.*")) {
                        found.add("an image is made of artefacts, not of downloads, and of nobody's rights: " + line);
                    }
                }
                default -> {
                    if (line.matches("(?is).*(password|secret|token|api_?key)\\s*=.*")) {
                        found.add("no secret belongs into an image: " + line);
                    }
                }
            }
        }
        if (!user.matches("[1-9][0-9]*(:[1-9][0-9]*)?")) {
            found.add("runs as " + user + ": name a user by number, or runAsNonRoot cannot judge it");
        }
        if (!entry) {
            found.add("has no ENTRYPOINT");
        }
        return found;
    }

    /** Without comments, continued lines joined. */
    private static List<String> instructions(String dockerfile) {
        return dockerfile
                .lines()
                .filter(line -> !line.startsWith("#"))
                .reduce(
                        "",
                        (all, line) ->
                                all.endsWith("\\") ? all.substring(0, all.length() - 1) + line : all + "\n" + line)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
