package dev.xaabroker.testing;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The broker as its users run it: the packaged jar, or the native binary that {@code -Dxaa.binary} names, in a process of
 * its own (ADR 7). The same HTTP tests judge both.
 */
public final class BrokerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final Path log;
    private final Duration startup;

    private BrokerProcess(Process process, int port, Path log, Instant began) throws IOException, InterruptedException {
        this.process = process;
        this.port = port;
        this.log = log;
        awaitReady(began);
        this.startup = Duration.between(began, Instant.now());
        // A client assertion of the second in which it began to remember is not told from one used before (ADR 15).
        Seconds.awaitNext();
    }

    /**
     * A port that was free a moment ago, on loopback, and lies below those that the kernel gives out by itself: nobody else
     * takes it by chance.
     */
    public static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between 20000 and 30000");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * Starts a broker on {@code port} with {@code config} and waits until it answers.
     *
     * @param folder where its log goes
     */
    public static BrokerProcess start(int port, Path folder, Map<String, String> config) throws Exception {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("quarkus.http.host", "127.0.0.1");
        all.put("quarkus.http.port", Integer.toString(port));
        all.put("xaa.oauth.issuer", "http://127.0.0.1:" + port);
        all.put("xaa.outbound.development", "true");
        all.put("quarkus.log.level", "INFO");
        all.put("quarkus.log.category.\"dev.xaabroker\".level", "DEBUG");
        all.putAll(config);
        List<String> command = new ArrayList<>();
        String binary = System.getProperty("xaa.binary", "");
        if (binary.isEmpty()) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            all.forEach((key, value) -> command.add("-D" + key + "=" + value));
            command.add("-jar");
            command.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toString());
        } else {
            command.add(binary);
            all.forEach((key, value) -> command.add("-D" + key + "=" + value));
        }
        Path log = folder.resolve("broker-" + port + ".log");
        Files.createDirectories(folder);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new BrokerProcess(process, port, log, Instant.now());
    }

    private void awaitReady(Instant began) throws IOException, InterruptedException {
        while (Instant.now().isBefore(began.plus(PATIENCE))) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the broker stopped at start:\n" + log());
            }
            if (answers()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the broker was not ready in time:\n" + log());
    }

    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url("/.well-known/oauth-authorization-server"))
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(2000);
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** Everything it logged so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** From exec to the first answer. */
    public Duration startup() {
        return startup;
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL: it gets to do nothing more. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to stop and waits for it. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
