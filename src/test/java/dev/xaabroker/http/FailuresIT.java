package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Stores;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each part down in its turn: the documented error, in time, no token, and back again without a restart. */
class FailuresIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static BrokerWorld world;
    private static Stores.Real stores;
    private String handle;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                policy -> policy.replace("network: private", "network: private\n    timeouts: { request: 2s }"),
                Map.of());
        stores = (Stores.Real) world.stores();
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @BeforeEach
    void login() {
        world.demo().reset();
        Response adopted = world.as("cursor")
                .refreshToken(world.idp().login("cursor-at-idp", DemoUser.ALICE).refreshToken())
                .toWiki()
                .send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        handle = adopted.path("refresh_token");
    }

    private Response connect() {
        return world.as("cursor").refreshToken(handle).toFiles().send();
    }

    /** With nothing that stands anywhere from a moment ago. */
    private Response connectAfresh() {
        return world.as("cursor").refreshToken(handle).toFiles().fresh().send();
    }

    private static void assertUnavailable(Response answer, String reason) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
        assertThat(answer.<String>path("error")).isEqualTo("temporarily_unavailable");
        assertThat(answer.<String>path("reason")).isEqualTo(reason);
        assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(answer.<String>path("access_token")).isNull();
    }

    private void assertRecovers() throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        Response answer = connect();
        while (answer.statusCode() != 200 && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(200);
            answer = connect();
        }
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    private interface Call {
        Response send() throws Exception;
    }

    private static Response within(Duration most, Call call) throws Exception {
        Instant began = Instant.now();
        Response answer = call.send();
        assertThat(Duration.between(began, Instant.now())).isLessThan(most);
        return answer;
    }

    @Test
    @Rules("F9")
    void redisDown() throws Exception {
        stores.stopRedis();
        try {
            assertUnavailable(within(Duration.ofSeconds(2), this::connect), "state-unavailable");
            Response assertion = within(
                    Duration.ofSeconds(2),
                    () -> world.as("claude-code").refreshToken(handle).toFiles().send());
            assertUnavailable(assertion, "state-unavailable");
        } finally {
            stores.startRedis();
        }
        assertRecovers();
    }

    @Test
    void postgresDown() throws Exception {
        long pid = postmaster();
        signal(pid, "STOP");
        try {
            Response answer = within(Duration.ofSeconds(4), this::connect);
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
            assertThat(answer.<String>path("reason")).isIn("store-unavailable", "ledger-unavailable");
            assertThat(answer.<String>path("access_token")).isNull();
        } finally {
            signal(pid, "CONT");
        }
        assertRecovers();
    }

    /** The whole process group of the database: a stopped postmaster alone leaves its backends answering. */
    private static long postmaster() throws Exception {
        try (var sql = stores.sql();
                var rows = sql.createStatement().executeQuery("show data_directory")) {
            rows.next();
            return Long.parseLong(Files.readAllLines(java.nio.file.Path.of(rows.getString(1), "postmaster.pid"))
                    .get(0));
        }
    }

    private static void signal(long pid, String signal) throws Exception {
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        for (ProcessHandle process : java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(postmaster), postmaster.descendants())
                .toList()) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    @Test
    @Rules("B10")
    void idpDown() throws Exception {
        world.idp().faults().always("refresh", Fault.delay(Duration.ofSeconds(10)));
        assertUnavailable(within(Duration.ofSeconds(3), this::connectAfresh), "idp-unavailable");

        world.idp().faults().clear();
        world.idp().faults().always("refresh", Fault.answer(503, "{}"));
        assertUnavailable(connectAfresh(), "idp-unavailable");

        world.idp().faults().clear();
        assertRecovers();
    }

    @Test
    @Rules("E4")
    void rasDown() throws Exception {
        world.demo().files().faults().always("jwt-bearer", Fault.delay(Duration.ofSeconds(10)));
        assertUnavailable(within(Duration.ofSeconds(5), this::connect), "ras-unavailable");
        assertThat(world.demo().files().count("jwt-bearer")).isEqualTo(2);

        world.demo().files().faults().clear();
        assertRecovers();
    }

    @Test
    void policyFileMissingAtStart() throws Exception {
        java.nio.file.Path file = world.policyFile();
        java.nio.file.Path aside = file.resolveSibling("aside.yaml");
        world.stop();
        Files.move(file, aside);
        world.start();
        assertUnavailable(connect(), "policy-unavailable");

        Files.move(aside, file);

        assertRecovers();
    }

    @Test
    void policyFileBrokenAtStart() throws Exception {
        String good = Files.readString(world.policyFile());
        world.stop();
        Files.writeString(world.policyFile(), good.replace("clients:", "clientz:"));
        world.start();
        assertUnavailable(connect(), "policy-unavailable");
        assertThat(world.broker().log()).contains("managed-connections.yaml:").contains("clientz");

        Files.writeString(world.policyFile(), good);

        assertRecovers();
    }
}
