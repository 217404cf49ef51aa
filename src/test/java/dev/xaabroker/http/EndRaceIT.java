package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.demo.Faults;
import dev.xaabroker.demo.Recording;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Stores;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A session is ended between two steps of a connect, which runs on one replica while the end comes to either. Schedules:
 * {@code -Dxaa.runs}, 1,000 for the full size; {@code -Dxaa.seed} plays the same ones again.
 */
class EndRaceIT implements OverHttp {

    private static final int SCHEDULES = Math.max(1, Integer.getInteger("xaa.runs", 1_000 / 20));
    private static final long SEED = Long.getLong("xaa.seed", System.nanoTime());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static BrokerWorld world;
    private static List<BrokerProcess> replicas;

    private final Random random = new Random(SEED);
    private final Map<Between, Integer> played = new EnumMap<>(Between.class);
    private int answered;
    private Duration slowest = Duration.ZERO;

    /** Where the connect stands when the end comes. */
    private enum Between {
        ANY_TWO_STEPS,
        REFRESH_AND_ITS_STORE,
        POLICY_AND_LEG_1,
        LEG_1_AND_LEG_2,
        LEG_2_AND_ITS_RECORD,
        RECORD_AND_CACHE,
        LEDGER_AND_ANSWER
    }

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.sessions.proofs-for", "PT0.001S",
                        "xaa.upkeep.revoke-every", "PT0.2S"));
        replicas = List.of(world.broker(), world.replica());
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
    @Rules({"F6", "H4", "H13"})
    void neverLeavesATokenThatIsStoredOrNotRevoked() throws Exception {
        System.out.printf("%d schedules, -Dxaa.seed=%d%n", SCHEDULES, SEED);
        Set<String> all = new HashSet<>();
        for (int schedule = 0; schedule < SCHEDULES; schedule++) {
            world.demo().reset();
            int files = world.demo().files().issuedTokens().size();
            int wiki = world.demo().wiki().issuedTokens().size();
            Between where = Between.values()[random.nextInt(Between.values().length)];

            String handle = play(where);

            all.addAll(since(files, world.demo().files().issuedTokens()));
            all.addAll(since(wiki, world.demo().wiki().issuedTokens()));
            assertThat(connect(handle, replicas.get(random.nextInt(2))).<String>path("reason"))
                    .as(where + ", schedule " + schedule)
                    .isEqualTo("session-ended");
            played.merge(where, 1, Integer::sum);
        }
        awaitRevoked(all);
        assertThat(((Stores.Real) world.stores()).cachedTokens())
                .as("tokens in the cache")
                .isZero();
        System.out.printf(
                "%s: %d connects answered before their end, %d tokens issued and all revoked, none cached; slowest answer after an end %d ms%n",
                played, answered, all.size(), slowest.toMillis());
    }

    private static List<String> since(int before, List<String> issued) {
        return issued.subList(before, issued.size());
    }

    private static Response connect(String handle, BrokerProcess replica) {
        return world.as("cursor").refreshToken(handle).toFiles().at(replica).send();
    }

    /** One connect and one end. */
    private String play(Between where) throws Exception {
        Tokens login = login("cursor", DemoUser.ALICE);
        Response adopted =
                world.as("cursor").refreshToken(login.refreshToken()).toWiki().send();
        String handle = adopted.path("refresh_token");
        BrokerProcess here = replicas.get(random.nextInt(2));
        BrokerProcess there = replicas.get(random.nextInt(2));
        if (where == Between.REFRESH_AND_ITS_STORE) {
            makeProofsOld();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Obstruction obstruction = new Obstruction(where)) {
            Future<Response> underWay = threads.submit(() -> connect(handle, here));
            obstruction.await(underWay);
            Future<Response> end = threads.submit(
                    () -> world.as("cursor").giveBack(handle).at(there).send());
            if (where == Between.RECORD_AND_CACHE || where == Between.LEDGER_AND_ANSWER) {
                // What holds the connect up would hold the end up too: its ledger entry, or the cache.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                obstruction.close();
            }
            assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode())
                    .isEqualTo(200);
            Instant ended = Instant.now();
            if (where == Between.ANY_TWO_STEPS) {
                obstruction.close();
            }
            judge(underWay.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), ended, where);
            obstruction.close();
        }
        return handle;
    }

    private void judge(Response answer, Instant ended, Between where) {
        Duration after = Duration.between(ended, Instant.now());
        slowest = after.compareTo(slowest) > 0 ? after : slowest;
        if (answer.statusCode() == 200) {
            answered++;
            assertThat(where)
                    .as("answered although it stood still when the end came")
                    .isIn(Between.ANY_TWO_STEPS, Between.RECORD_AND_CACHE, Between.LEDGER_AND_ANSWER);
        } else if (answer.statusCode() != 503) {
            assertThat(answer.<String>path("reason")).as(answer.asString()).isEqualTo("session-ended");
        }
    }

    /** As if the last proof were two minutes old: {@code recheck} is one. */
    private static void makeProofsOld() throws SQLException {
        try (Connection sql = world.stores().sql();
                Statement update = sql.createStatement()) {
            update.executeUpdate("update sso_session set proven_at = proven_at - interval '2' minute");
        }
    }

    private static void awaitRevoked(Set<String> tokens) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        for (String token : tokens) {
            while (!world.demo().files().wasRevoked(token)
                    && !world.demo().wiki().wasRevoked(token)) {
                assertThat(Instant.now())
                        .as("a token is neither revoked nor about to be")
                        .isBefore(deadline);
                Thread.sleep(20);
            }
        }
    }

    /** Holds a connect up, from outside. */
    private final class Obstruction implements AutoCloseable {

        private final Between where;
        private final CountDownLatch gate = new CountDownLatch(1);
        private final Connection sql = world.stores().sql();
        private final int before;
        private boolean open;

        Obstruction(Between where) throws Exception {
            this.where = where;
            this.before =
                    where == Between.LEDGER_AND_ANSWER ? tokens() : recording().count(kind());
            switch (where) {
                case ANY_TWO_STEPS -> {}
                case RECORD_AND_CACHE -> ((Stores.Real) world.stores()).redis("CLIENT PAUSE 900 WRITE");
                case LEDGER_AND_ANSWER -> {
                    sql.setAutoCommit(false);
                    run("lock table ledger_entry in exclusive mode");
                }
                default ->
                    faults().next(
                                    kind(),
                                    where == Between.POLICY_AND_LEG_1 ? Fault.hold(gate) : Fault.holdAnswer(gate));
            }
        }

        private String kind() {
            return switch (where) {
                case REFRESH_AND_ITS_STORE -> "refresh";
                case POLICY_AND_LEG_1, LEG_1_AND_LEG_2 -> "token-exchange";
                default -> "jwt-bearer";
            };
        }

        private Faults faults() {
            return kind().equals("jwt-bearer")
                    ? world.demo().files().faults()
                    : world.idp().faults();
        }

        private Recording recording() {
            return kind().equals("jwt-bearer")
                    ? world.demo().files().recording()
                    : world.idp().recording();
        }

        private int tokens() {
            return world.demo().files().issuedTokens().size();
        }

        private void run(String statement) throws SQLException {
            try (Statement execute = sql.createStatement()) {
                execute.execute(statement);
            }
        }

        /** Waits until the connect stands there, as far as that can be seen from outside. */
        void await(Future<Response> underWay) throws Exception {
            switch (where) {
                case ANY_TWO_STEPS -> TimeUnit.MICROSECONDS.sleep(random.nextInt(40_000));
                case RECORD_AND_CACHE -> TimeUnit.MILLISECONDS.sleep(random.nextInt(60));
                case LEDGER_AND_ANSWER -> until(underWay, () -> tokens() > before);
                default -> until(underWay, () -> recording().count(kind()) > before);
            }
        }

        private void until(Future<Response> underWay, java.util.function.BooleanSupplier condition) throws Exception {
            Instant deadline = Instant.now().plus(PATIENCE);
            while (!condition.getAsBoolean() && !underWay.isDone()) {
                assertThat(Instant.now())
                        .as("the connect never came to " + where)
                        .isBefore(deadline);
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }

        @Override
        public void close() throws Exception {
            if (!open) {
                open = true;
                gate.countDown();
                faults().clear();
                if (where == Between.RECORD_AND_CACHE) {
                    ((Stores.Real) world.stores()).redis("CLIENT UNPAUSE");
                }
                if (where == Between.LEDGER_AND_ANSWER) {
                    sql.rollback();
                }
                sql.close();
            }
        }
    }
}
