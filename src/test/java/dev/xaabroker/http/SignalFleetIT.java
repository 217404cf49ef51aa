package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import dev.xaabroker.testing.Signaller;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three replicas with many live sessions that connect at a steady rate, and every way to end one of them. Sessions:
 * {@code -Dxaa.runs}, 2,000 for the full size, which wants a machine of its own.
 */
class SignalFleetIT implements OverSignals {

    private static final int SESSIONS = Math.max(20, Integer.getInteger("xaa.runs", 2_000 / 20));
    private static final int PER_SECOND = 40;

    /** Whether it is measured; where other things run beside the tests, time is no measure of the broker. */
    private static final boolean MEASURED = Integer.getInteger("xaa.runs") != null;

    private static final Duration IN_FLIGHT = Duration.ofSeconds(MEASURED ? 1 : 5);

    private static final Duration AFTERWARDS = IN_FLIGHT.plusMillis(500);

    private static BrokerWorld world;
    private static List<BrokerProcess> fleet;
    private static AdminCall security;
    private static List<Held> sessions;
    private static ExecutorService threads;
    private static HttpClient http;
    private static final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger answered = new AtomicInteger();
    private static volatile boolean over;
    private static int victims;

    /** Each ends the session of one user. */
    enum Way {
        BACKCHANNEL_LOGOUT_BY_SID,
        BACKCHANNEL_LOGOUT_BY_SUB,
        SSF_PUSH_SESSION_REVOKED,
        SSF_PUSH_CREDENTIAL_CHANGE,
        SSF_PUSH_ACCOUNT_DISABLED,
        GLOBAL_TOKEN_REVOCATION,
        KILL_USER,
        KILL_SESSION,
        OAUTH2_REVOKE
    }

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                Signaller.listening("ssf, backchannel-logout, global-token-revocation"),
                Map.of(
                        "xaa.oauth.requests-per-client-per-minute", "1000000",
                        "xaa.oauth.requests-per-source-per-minute", "1000000",
                        "xaa.exchange.idp-requests-per-minute", "1000000"));
        world.restartWith(Map.of("xaa.admin.issuer", world.idp().issuer(), "xaa.admin.audience", AdminIT.AUDIENCE));
        fleet = List.of(world.broker(), world.replica(), world.replica());
        security =
                new AdminCall(world, world.idp().apiToken(DemoUser.ALICE, AdminIT.AUDIENCE, List.of("xaa-security")));
        threads = Executors.newVirtualThreadPerTaskExecutor();
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        SignalFleetIT it = new SignalFleetIT();
        Semaphore places = new Semaphore(16);
        List<Callable<Held>> logins = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            DemoUser user = user("steady" + i);
            logins.add(() -> {
                places.acquire();
                try {
                    return it.hold("cursor", user);
                } finally {
                    places.release();
                }
            });
        }
        sessions = new ArrayList<>();
        for (Future<Held> login : threads.invokeAll(logins)) {
            sessions.add(login.get());
        }
        threads.execute(SignalFleetIT::connectSteadily);
    }

    @AfterAll
    static void stop() throws Exception {
        over = true;
        threads.shutdown();
        threads.awaitTermination(30, TimeUnit.SECONDS);
        http.close();
        world.close();
        System.out.printf("%d sessions, %d steady connects answered, errors %s%n", SESSIONS, answered.get(), errors);
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    /** The demo world is kept as it is: it would forget the users. */
    @Override
    public void forgetEarlierTests() {}

    private static DemoUser user(String name) {
        DemoUser user = new DemoUser(name, "00u-" + name, name + "@acme.example", List.of("engineering"), "phr");
        world.idp().put(user);
        return user;
    }

    private static void connectSteadily() {
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

    private static void connect(Held session, BrokerProcess replica) {
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

    @ParameterizedTest
    @EnumSource
    @Rules({"F6", "H4", "H13"})
    void noConnectBegunAfterTheAnswerGetsATokenOnAnyReplica(Way way) throws Exception {
        DemoUser user = user("victim" + ++victims);
        Held victim = hold("cursor", user);
        CountDownLatch gate = new CountDownLatch(1);
        world.demo().files().faults().next("jwt-bearer", Fault.holdAnswer(gate));
        int before = world.demo().files().count("jwt-bearer");
        Future<Try> standing = threads.submit(() -> once(victim, fleet.getLast(), true));
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
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

        long sent = System.nanoTime();
        Response told = end(way, user, victim);
        long acknowledged = System.nanoTime();
        assertThat(told.statusCode()).as(told.asString()).isBetween(200, 204);
        Thread.sleep(AFTERWARDS.toMillis());
        enough.countDown();
        for (Future<?> hammer : hammers) {
            hammer.get(30, TimeUnit.SECONDS);
        }
        assertThat(standing.isDone())
                .as("the connect that stood at the RAS is answered")
                .isTrue();
        Try held = standing.get();
        gate.countDown();

        assertThat(tries).filteredOn(one -> one.began() < sent).anyMatch(one -> one.status() == 200);
        assertThat(tries)
                .filteredOn(one -> one.began() > acknowledged)
                .isNotEmpty()
                .allSatisfy(one -> {
                    assertThat(one.status()).isEqualTo(400);
                    assertThat(one.reason()).isEqualTo("session-ended");
                });
        assertThat(held.reason()).isEqualTo("session-ended");
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
                        .orElse(sent)
                - acknowledged;
        System.out.printf(
                "%-28s answered after %4d ms; last token %5d ms after the answer; last in flight %4d ms after it; %d connects of this user%n",
                way,
                TimeUnit.NANOSECONDS.toMillis(acknowledged - sent),
                TimeUnit.NANOSECONDS.toMillis(lastToken),
                TimeUnit.NANOSECONDS.toMillis(inFlight),
                tries.size());
    }

    private static Try once(Held victim, BrokerProcess replica, boolean standing) {
        long began = System.nanoTime();
        var call = world.as("cursor").at(replica).refreshToken(victim.handle());
        Response answer = (standing ? call.toFiles() : call.toWiki()).send();
        return new Try(began, System.nanoTime(), answer.statusCode(), answer.path("reason"));
    }

    private Response end(Way way, DemoUser user, Held victim) {
        return switch (way) {
            case BACKCHANNEL_LOGOUT_BY_SID ->
                idp().logout(idp().logoutToken(null, victim.tokens().sid()).sign());
            case BACKCHANNEL_LOGOUT_BY_SUB ->
                idp().logout(idp().logoutToken(user, null).sign());
            case SSF_PUSH_SESSION_REVOKED ->
                idp().push(idp().sessionRevoked(user).sign());
            case SSF_PUSH_CREDENTIAL_CHANGE ->
                idp().push(idp().event(
                                Signaller.email(user),
                                Signaller.CAEP + "credential-change",
                                Map.of("change_type", "update", "credential_type", "password"))
                        .sign());
            case SSF_PUSH_ACCOUNT_DISABLED ->
                idp().push(idp().event(idp().issSub(user), Signaller.RISC + "account-disabled", Map.of())
                        .sign());
            case GLOBAL_TOKEN_REVOCATION ->
                idp().revoke(
                                idp().revocationRequest().sign(),
                                "{\"sub_id\":{\"format\":\"email\",\"email\":\"" + user.email() + "\"}}");
            case KILL_USER ->
                security.post(
                        "/admin/kills", Map.of("kind", "user", "idp", "corp", "subject", user.sub(), "reason", "left"));
            case KILL_SESSION ->
                security.end(
                        security.get("/admin/sessions?idp=corp&subject=" + user.sub())
                                .path("sessions[0].id"),
                        "left");
            case OAUTH2_REVOKE -> world.as("cursor").giveBack(victim.handle()).send();
        };
    }
}
