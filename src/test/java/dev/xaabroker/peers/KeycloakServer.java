package dev.xaabroker.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A stock Keycloak in its own process on a free loopback port, with the realms of {@code src/test/resources/keycloak}
 * and nothing else. Maven unpacks the distribution into {@code target/keycloak} (profile {@code peers}).
 */
final class KeycloakServer implements AutoCloseable {
    static final String ADMIN = "admin";
    static final String ADMIN_PASSWORD = "admin-password";

    /** The first start of an unpacked distribution builds itself, about a minute on two busy cores. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);

    private static final String MARKER = "/marker-";

    private final Process process;
    private final String base;
    private final Path accessLog;
    private final Thread stopper = new Thread(this::stop, "keycloak-stopper");

    private KeycloakServer(Process process, String base, Path accessLog) {
        this.process = process;
        this.base = base;
        this.accessLog = accessLog;
        Runtime.getRuntime().addShutdownHook(stopper);
    }

    /** Starts one with further options, and returns when both realms answer. */
    static KeycloakServer start(String... options) {
        try {
            Path home = home();
            int port = freePort();
            String base = "http://127.0.0.1:" + port;
            for (String realm : List.of("enterprise", "mcp")) {
                Path file = home.resolve("data/import/" + realm + ".json");
                Files.createDirectories(file.getParent());
                Files.writeString(file, template(realm).replace("${base}", base));
            }
            Path output = Path.of("target", "keycloak-" + port + ".log").toAbsolutePath();
            String accessLog = "access-" + port;
            KeycloakServer server = new KeycloakServer(
                    launch(home, port, accessLog, output, options),
                    base,
                    home.resolve("data/log/" + accessLog + ".log"));
            server.awaitReady(output);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(Path home, int port, String accessLog, Path output, String... options)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--import-realm",
                "--http-access-log-enabled=true",
                "--http-access-log-file-enabled=true",
                "--http-access-log-file-rotate=false",
                "--http-access-log-file-name=" + accessLog,
                "--http-access-log-pattern=%m %U %s");
        builder.command().addAll(List.of(options));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xmx384m");
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        return builder.start();
    }

    private void awaitReady(Path output) throws IOException {
        Instant deadline = Instant.now().plus(READY_WITHIN);
        while (!answers("enterprise") || !answers("mcp")) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                close();
                throw new IllegalStateException("Keycloak is not ready, see " + output + ", which ends with\n"
                        + String.join("\n", lastLines(output)));
            }
            pause();
        }
    }

    private boolean answers(String realm) {
        try {
            return Http.send(Http.get(issuer(realm) + "/.well-known/openid-configuration"))
                            .statusCode()
                    == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** The root of all its URLs. */
    String base() {
        return base;
    }

    /** The issuer identifier of a realm. */
    String issuer(String realm) {
        return base + "/realms/" + realm;
    }

    String tokenEndpoint(String realm) {
        return issuer(realm) + "/protocol/openid-connect/token";
    }

    /** Every request that a realm has answered so far, from Keycloak's own access log: method, path, status. */
    List<String> requestsTo(String realm) {
        String marker = MARKER + UUID.randomUUID();
        Http.send(Http.get(issuer(realm) + marker));
        Instant deadline = Instant.now().plusSeconds(10);
        List<String> requests = accessLog();
        // The log is written after the answer; once the marker stands in it, everything before the marker does too.
        while (requests.stream().noneMatch(each -> each.contains(marker))) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the access log does not show " + marker);
            }
            pause();
            requests = accessLog();
        }
        return requests.stream()
                .filter(each -> each.contains(" /realms/" + realm + "/") && !each.contains(MARKER))
                .toList();
    }

    private List<String> accessLog() {
        try {
            return Files.readAllLines(accessLog);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(stopper);
    }

    private void stop() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private static Path home() throws IOException {
        Path unpacked = Path.of("target", "keycloak").toAbsolutePath();
        if (!Files.isDirectory(unpacked)) {
            throw new IllegalStateException("no " + unpacked + ": run the peers with ./mvnw test -Ppeers");
        }
        try (Stream<Path> found = Files.list(unpacked)) {
            return found.filter(each -> Files.isExecutable(each.resolve("bin/kc.sh")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String template(String realm) throws IOException {
        return Files.readString(Path.of("src/test/resources/keycloak/" + realm + ".json"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> lastLines(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.subList(Math.max(0, lines.size() - 20), lines.size());
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
