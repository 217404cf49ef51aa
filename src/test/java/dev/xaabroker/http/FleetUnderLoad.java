package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three replicas with many live sessions that connect at a steady rate, while the session of one more user is ended. Sessions:
 * {@code -Dxaa.runs}, 2,000 for the full size, which wants a machine of its own.
 */
final class FleetUnderLoad implements OverSignals, AutoCloseable {

    /** Without them 40 connects a second of one client from one address would be held back. */
    static final Map<String, String> NO_LIMITS = Map.of(
            "xaa.oauth.requests-per-client-per-minute", "1000000",
            "xaa.oauth.requests-per-source-per-minute", "1000000",
            "xaa.exchange.idp-requests-per-minute", "1000000");

    private static final int SESSIONS = Math.max(20, Integer.getInteger("xaa.runs", 2_000 / 20));
    private static final int PER_SECOND = 40;

    /** Whether it is measured; where other things run beside the tests, time is no measure of the broker. */
    private static final boolean MEASURED = Integer.getInteger("xaa.runs") != null;

    private static final Duration IN_FLIGHT = Duration.ofSeconds(MEASURED ? 1 : 5);
    /** Longer than what is under way may take, and long enough for many connects that begin afterwards. */
    private static final Duration AFTERWARDS = Duration.ofMillis(1_500);

    private final BrokerWorld world;
    private final List<BrokerProcess> fleet;
    private final List<Held> sessions = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean over;
    private int victims;

    /** Starts two more replicas, the sessions and the load. */
    FleetUnderLoad(BrokerWorld world) throws Exception {
        this.world = world;
        this.fleet = List.of(world.broker(), world.replica(), world.replica());
        Semaphore places = new Semaphore(16);
        List<Callable<Held>> logins = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            DemoUser user = user("steady" + i);
            logins.add(() -> {
                places.acquire();
                try {
                    return hold("cursor", user);
                } finally {
                    places.release();
                }
            });
        }
        for (Future<Held> login : threads.invokeAll(logins)) {
            sessions.add(login.get());
        }
        threads.execute(this::connectSteadily);
    }

    @Override
    public void close() throws Exception {
        over = true;
        threads.shutdown();
        threads.awaitTermination(30, TimeUnit.SECONDS);
        http.close();
        System.out.printf("%d sessions, %d steady connects answered, errors %s%n", SESSIONS, answered.get(), errors);
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private DemoUser user(String name) {
        DemoUser user = new DemoUser(name, "00u-" + name, name + "@acme.example", List.of("engineering"), "phr");
        world.idp().put(user);
        return user;
    }

    private void connectSteadily() {
        for (int i = 0; !over; i++) {
            Held session = sessions.get(i % SESSIONS);
            BrokerProcess replica = fleet.get(i % fleet.size());
            threads.execute(() -> connect(session, replica));
            try {
                TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private void connect(Held session, BrokerProcess replica) {
        try {
            HttpResponse<String> answer = http.send(
                    world.as("cursor")
                            .at(replica)
                            .refreshToken(session.handle())
                            .toWiki()
                            .request(),
                    HttpResponse.BodyHandlers.ofString());
            answered.incrementAndGet();
            if (answer.statusCode() != 200) {
                errors.add(answer.body());
            }
        } catch (IOException | InterruptedException cut) {
            errors.add(cut.toString());
        }
    }

    /** One connect of the user whose session is ended. */
    private record Try(long began, long done, int status, String reason) {}

    /** How a session is ended. */
    interface End {

        /**
         * Ends the user's session.
         *
         * @return when the broker was told, by {@link System#nanoTime}; it returns when the broker has acknowledged it
         */
        long happen(DemoUser user, Held victim) throws Exception;
    }

    /**
     * Ends the session of one more user in the middle of their connects, at every step of which one may stand.
     *
     * @param way as it is called in the figures
     */
    void end(String way, End end) throws Exception {
        DemoUser user = user("victim" + ++victims);
        Held victim = hold("cursor", user);
        CountDownLatch gate = new CountDownLatch(1);
        world.demo().files().faults().next("jwt-bearer", Fault.holdAnswer(gate));
        int before = world.demo().files().count("jwt-bearer");
        Future<Try> standing = threads.submit(() -> once(victim, fleet.getLast(), true));
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (world.demo().files().count("jwt-bearer") == before) {
            assertThat(System.nanoTime()).isLessThan(patience);
            Thread.sleep(5);
        }
        ConcurrentLinkedQueue<Try> tries = new ConcurrentLinkedQueue<>();
        CountDownLatch enough = new CountDownLatch(1);
        List<Future<?>> hammers = new ArrayList<>();
        for (BrokerProcess replica : fleet) {
            hammers.add(threads.submit(() -> {
                while (enough.getCount() > 0) {
                    tries.add(once(victim, replica, false));
                    Thread.sleep(10);
                }
                return null;
            }));
        }
        Seconds.awaitNext();
        Thread.sleep(100);

        long told = end.happen(user, victim);
        long acknowledged = System.nanoTime();
        Thread.sleep(AFTERWARDS.toMillis());
        while (!standing.isDone() && System.nanoTime() - acknowledged < IN_FLIGHT.toNanos()) {
            Thread.sleep(20);
        }
        enough.countDown();
        for (Future<?> hammer : hammers) {
            hammer.get(30, TimeUnit.SECONDS);
        }
        assertThat(standing.isDone())
                .as("the connect that stood at the RAS is answered")
                .isTrue();
        Try held = standing.get();
        gate.countDown();

        assertThat(tries).filteredOn(one -> one.began() < told).anyMatch(one -> one.status() == 200);
        assertThat(tries)
                .filteredOn(one -> one.began() > acknowledged)
                .isNotEmpty()
                .allSatisfy(one -> {
                    assertThat(one.status()).isEqualTo(400);
                    assertThat(one.reason()).isEqualTo("session-ended");
                });
        assertThat(held.reason()).as("a killed user is shut first").isIn("session-ended", "user-killed");
        long inFlight = Math.max(
                        held.done(),
                        tries.stream()
                                .filter(one -> one.began() <= acknowledged)
                                .mapToLong(Try::done)
                                .max()
                                .orElse(acknowledged))
                - acknowledged;
        assertThat(Duration.ofNanos(inFlight))
                .as("connects that were under way")
                .isLessThan(IN_FLIGHT);
        assertThat(errors)
                .as("of the other users")
                .allMatch(error -> !MEASURED && error.contains("temporarily_unavailable"));
        long lastToken = tries.stream()
                        .filter(one -> one.status() == 200)
                        .mapToLong(Try::done)
                        .max()
                        .orElse(told)
                - acknowledged;
        System.out.printf(
                "%-28s answered after %4d ms; last token %5d ms after the answer; last in flight %4d ms after it; %d connects of this user%n",
                way,
                TimeUnit.NANOSECONDS.toMillis(acknowledged - told),
                TimeUnit.NANOSECONDS.toMillis(lastToken),
                TimeUnit.NANOSECONDS.toMillis(inFlight),
                tries.size());
    }

    private Try once(Held victim, BrokerProcess replica, boolean standing) {
        long began = System.nanoTime();
        var call = world.as("cursor").at(replica).refreshToken(victim.handle());
        Response answer = (standing ? call.toFiles() : call.toWiki()).send();
        return new Try(began, System.nanoTime(), answer.statusCode(), answer.path("reason"));
    }
}
