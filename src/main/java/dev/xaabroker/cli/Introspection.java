package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.grant.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether the token that a canary held still counts where it was issued (RFC 7662). */
final class Introspection {

    private static final String SECRET_VARIABLE = "XAA_INTROSPECT_SECRET";
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Option(
            names = "--introspect",
            paramLabel = "URL",
            description = "Ask this introspection endpoint of the server's authorization server when the token that the"
                    + " canary held ceases to be active.")
    @Nullable
    URI url;

    @Option(names = "--introspect-id", paramLabel = "ID", description = "Who asks there, by HTTP Basic.")
    @Nullable
    String id;

    @Option(
            names = "--introspect-secret-file",
            paramLabel = "FILE",
            description = "Its secret. Without it the environment variable " + SECRET_VARIABLE + " is read.")
    @Nullable
    Path secretFile;

    private @Nullable Http http;

    boolean isGiven() {
        return url != null;
    }

    /** @throws Stopped unless the token counts there now: else its end would prove nothing */
    void assertActive(Secret token) {
        if (isGiven() && !isActive(token)) {
            throw new Stopped(
                    url + ": calls the token that was just issued inactive: is it the endpoint of this server's"
                            + " authorization server?");
        }
    }

    /**
     * Waits, and asks meanwhile.
     *
     * @param since by {@link System#nanoTime}
     * @return how many milliseconds after {@code since} the token was called inactive, if it was
     */
    OptionalLong waitOut(Secret token, long since, Duration most) throws InterruptedException {
        OptionalLong inactive = OptionalLong.empty();
        long end = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < end) {
            boolean asking = isGiven() && inactive.isEmpty();
            if (asking && !isActive(token)) {
                inactive = OptionalLong.of((System.nanoTime() - since) / 1_000_000);
            } else {
                long left = end - System.nanoTime();
                Thread.sleep(Duration.ofNanos(Math.max(0, asking ? Math.min(left, PAUSE.toNanos()) : left)));
            }
        }
        return inactive;
    }

    private boolean isActive(Secret token) {
        if (url == null || id == null) {
            throw new Stopped("--introspect needs --introspect-id");
        }
        Secret secret = Secrets.fromFileOrEnvironment(
                secretFile, SECRET_VARIABLE, "--introspect needs a secret: give --introspect-secret-file");
        http = http == null ? Http.to(url) : http;
        Http.Reply reply = http.postForm(
                url.toString(),
                Connect.encoded(Map.of("token", token.reveal())),
                Optional.of(Connect.basic(id, secret)));
        JsonNode active = reply.json().path("active");
        if (reply.status() != 200 || !active.isBoolean()) {
            throw new Stopped(url + ": no answer of an introspection endpoint, status " + reply.status());
        }
        return active.asBoolean();
    }
}
