package dev.xaabroker.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command as its users run it: with the packaged jar, or the native binary that {@code -Dxaa.binary} names. */
public record Command(Path home, Map<String, String> environment) {

    /** How a run ended. */
    public record Ended(int code, String out, String err, Duration took) {}

    public Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        String binary = System.getProperty("xaa.binary", "");
        if (binary.isEmpty()) {
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.add("-Duser.home=" + home);
            line.add("-jar");
            line.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toString());
        } else {
            line.add(binary);
            line.add("-Duser.home=" + home);
        }
        line.addAll(List.of(arguments));
        Path out = Files.createTempFile("xaa", ".out");
        Path err = Files.createTempFile("xaa", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Instant began = Instant.now();
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the command did not end: " + String.join(" ", arguments));
        }
        Duration took = Duration.between(began, Instant.now());
        return new Ended(process.exitValue(), read(out), withoutTheJvms(read(err)), took);
    }

    /** Java 24 and later warn of libraries that use Unsafe, and a jar cannot ask them not to. */
    private static String withoutTheJvms(String err) {
        return err.replaceAll("(?m)^WARNING: .*(sun\\.misc\\.Unsafe|reporting this to the maintainers).*\\R", "");
    }

    private static String read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Files.delete(file);
        return text;
    }
}
