package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import dev.xaabroker.testing.Signaller;
import dev.xaabroker.testing.Stores;
import io.restassured.response.Response;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is acknowledged is done: with the database away, and in a burst. {@code -Dxaa.runs=10000} is the full burst.
 */
class SignalStoresIT implements OverSignals {

    private static final int BURST = Integer.getInteger("xaa.runs", 500);
    private static final int AT_ONCE = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                Signaller.listening("ssf, backchannel-logout, global-token-revocation"),
                Map.of("xaa.signals.requests-per-source-per-minute", "1000000"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    @Test
    @Rules({"H6", "F9"})
    void aSignalThatCannotBeWrittenIsNotAcknowledgedAndItsRetrySucceeds() throws Exception {
        List<Held> logins =
                List.of(hold("cursor", DemoUser.ALICE), hold("vscode", DemoUser.ALICE), hold("cursor", DemoUser.BOB));
        String logout =
                idp().logoutToken(DemoUser.ALICE, logins.get(0).tokens().sid()).sign();
        String set = idp().event(
                        Map.of(
                                "user",
                                idp().issSub(DemoUser.ALICE),
                                "session",
                                Map.of(
                                        "format",
                                        "opaque",
                                        "id",
                                        logins.get(1).tokens().sid())),
                        Signaller.CAEP + "session-revoked",
                        Map.of())
                .sign();
        String bearer = idp().revocationRequest().sign();
        String body = "{\"sub_id\":{\"format\":\"email\",\"email\":\"" + DemoUser.BOB.email() + "\"}}";

        long database = postmaster();
        signal(database, "STOP");
        try {
            for (Response answer : List.of(idp().logout(logout), idp().push(set), idp().revoke(bearer, body))) {
                assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
                assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            }
        } finally {
            signal(database, "CONT");
        }
        awaitDatabase(logins.get(0));
        // Nothing is half ended: what was not acknowledged has not happened.
        logins.forEach(this::assertLives);

        assertThat(idp().logout(logout).statusCode()).isEqualTo(200);
        assertThat(idp().push(set).statusCode()).isEqualTo(202);
        assertThat(idp().revoke(bearer, body).statusCode()).isEqualTo(204);

        logins.forEach(this::assertOver);
        Seconds.awaitNext();
    }

    @Test
    @Rules("H6")
    void aBurstOfSignalsIsNeitherLostNorTooMuch() throws Exception {
        int people = Math.max(20, BURST / 20);
        List<DemoUser> users = IntStream.range(0, people)
                .mapToObj(i -> new DemoUser(
                        "burst" + i, "00u-burst-" + i, "burst" + i + "@acme.example", List.of("engineering"), "phr"))
                .toList();
        users.forEach(world.idp()::put);
        List<Held> logins = new ArrayList<>(inParallel(users, user -> hold("cursor", user)));
        Held bystander = hold("cursor", DemoUser.BOB);
        List<HttpRequest> burst = new ArrayList<>();
        for (int i = 0; burst.size() < BURST; i++) {
            DemoUser user = i < people
                    ? users.get(i)
                    : new DemoUser("stranger" + i, "00u-stranger-" + i, "s@acme.example", List.of(), "phr");
            burst.add(idp().pushing(idp().sessionRevoked(user).sign()));
            if (i % 10 == 0) {
                // A sender that lost the answer sends it again, beside others.
                burst.add(burst.getLast());
            }
        }
        Collections.shuffle(burst, new Random(20261121));

        AtomicInteger again = new AtomicInteger();
        Instant began = Instant.now();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Semaphore places = new Semaphore(AT_ONCE);
            assertThat(inParallel(burst, push -> delivered(http, push, places, again)))
                    .allMatch(status -> status == 202);
        }
        Duration took = Duration.between(began, Instant.now());
        System.out.printf(
                "burst of %d signals for %d sessions: %d ms, %.0f a second, sent again after 503: %d%n",
                burst.size(), people, took.toMillis(), burst.size() * 1000.0 / took.toMillis(), again.get());

        inParallel(logins, login -> {
            assertOver(login);
            return login;
        });
        assertLives(bystander);
    }

    /** As a sender does it: until it is acknowledged. */
    private static int delivered(HttpClient http, HttpRequest push, Semaphore places, AtomicInteger again)
            throws Exception {
        places.acquire();
        try {
            int status = http.send(push, BodyHandlers.discarding()).statusCode();
            for (int attempt = 0; status == 503 && attempt < 20; attempt++) {
                again.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(200);
                status = http.send(push, BodyHandlers.discarding()).statusCode();
            }
            return status;
        } finally {
            places.release();
        }
    }

    private interface Step<A, B> {
        B of(A item) throws Exception;
    }

    private static <A, B> List<B> inParallel(List<A> items, Step<A, B> step) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, 32 + items.size() / 50))) {
            List<Callable<B>> calls =
                    items.stream().<Callable<B>>map(item -> () -> step.of(item)).toList();
            List<B> done = new ArrayList<>();
            for (Future<B> call : threads.invokeAll(calls)) {
                done.add(call.get());
            }
            return done;
        }
    }

    private static void awaitDatabase(Held login) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        int status;
        do {
            TimeUnit.MILLISECONDS.sleep(100);
            status = world.as(login.client())
                    .refreshToken(login.handle())
                    .toWiki()
                    .send()
                    .statusCode();
        } while (status == 503 && Instant.now().isBefore(end));
    }

    private static long postmaster() throws Exception {
        try (var sql = ((Stores.Real) world.stores()).sql();
                var rows = sql.createStatement().executeQuery("show data_directory")) {
            rows.next();
            return Long.parseLong(Files.readAllLines(Path.of(rows.getString(1), "postmaster.pid"))
                    .get(0));
        }
    }

    /** The whole process group: a stopped postmaster alone leaves its backends answering. */
    private static void signal(long pid, String signal) throws Exception {
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        for (ProcessHandle process :
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList()) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }
}
