package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoAuthorizationServer;
import dev.xaabroker.demo.DemoIdentityProvider;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.demo.Faults;
import dev.xaabroker.demo.Recording;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Stores;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The steps at which a replica is killed, each held from outside: by a gate in a peer, a row lock or a paused Redis. */
enum KilledAt {
    ADOPTION_BEFORE_THE_IDP_READS_IT(true),
    ADOPTION_BEFORE_THE_ANSWER(true),
    REFRESH_BEFORE_THE_IDP_READS_IT(true),
    REFRESH_BEFORE_THE_ANSWER(true),
    ROTATED_TOKEN_NOT_YET_STORED(true),
    LEG_1_BEFORE_THE_IDP_READS_IT(false),
    LEG_1_BEFORE_THE_ANSWER(false),
    LEG_2_BEFORE_THE_RAS_READS_IT(false),
    LEG_2_BEFORE_THE_ANSWER(false),
    TOKEN_NOT_YET_CACHED(false),
    ANSWER_NOT_YET_IN_THE_LEDGER(false);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Whether the refresh token may be spent, so that an IdP without a grace costs the user the session. */
    final boolean inDoubt;

    KilledAt(boolean inDoubt) {
        this.inDoubt = inDoubt;
    }

    boolean adopting() {
        return this == ADOPTION_BEFORE_THE_IDP_READS_IT || this == ADOPTION_BEFORE_THE_ANSWER;
    }

    /** Holds the next {@code requests} at this step. */
    Held hold(BrokerWorld world, int requests) throws SQLException {
        return new Held(this, world, requests);
    }

    /** What is held now; to be let go after the kill. */
    static final class Held implements AutoCloseable {

        private final KilledAt step;
        private final BrokerWorld world;
        private final int requests;
        private final CountDownLatch gate = new CountDownLatch(1);
        private final Connection sql;
        private final int outstandingBefore;

        private Held(KilledAt step, BrokerWorld world, int requests) throws SQLException {
            this.step = step;
            this.world = world;
            this.requests = requests;
            this.sql = world.stores().sql();
            forgetTokens();
            this.outstandingBefore = outstanding();
            Fault fault = step.name().endsWith("READS_IT") ? Fault.holdAndDrop(gate) : Fault.holdAnswer(gate);
            Fault[] faults = new Fault[requests];
            Arrays.fill(faults, fault);
            if (step == ANSWER_NOT_YET_IN_THE_LEDGER) {
                run("begin; lock table ledger_entry in exclusive mode");
            } else {
                faultsOf().next(kind(), faults);
            }
        }

        private String kind() {
            return switch (step) {
                case ADOPTION_BEFORE_THE_IDP_READS_IT,
                        ADOPTION_BEFORE_THE_ANSWER,
                        REFRESH_BEFORE_THE_IDP_READS_IT,
                        REFRESH_BEFORE_THE_ANSWER,
                        ROTATED_TOKEN_NOT_YET_STORED -> "refresh";
                case LEG_1_BEFORE_THE_IDP_READS_IT, LEG_1_BEFORE_THE_ANSWER -> "token-exchange";
                default -> "jwt-bearer";
            };
        }

        private boolean atTheIdp() {
            return !kind().equals("jwt-bearer");
        }

        private Faults faultsOf() {
            DemoIdentityProvider idp = world.idp();
            DemoAuthorizationServer files = world.demo().files();
            return atTheIdp() ? idp.faults() : files.faults();
        }

        private Recording recording() {
            return atTheIdp() ? world.idp().recording() : world.demo().files().recording();
        }

        /** Waits until all stand at the step. */
        void await() throws Exception {
            until(() -> recording().count(kind()) >= requests);
            switch (step) {
                case ROTATED_TOKEN_NOT_YET_STORED -> {
                    run("begin; select id from sso_session where status <> 'ENDED' for update");
                    gate.countDown();
                    until(() -> blocked() >= requests);
                }
                case TOKEN_NOT_YET_CACHED -> {
                    redis("CLIENT PAUSE 10000 WRITE");
                    gate.countDown();
                    until(() -> outstanding() >= outstandingBefore + requests);
                }
                case ANSWER_NOT_YET_IN_THE_LEDGER -> {
                    until(() -> cachedTokens() >= requests);
                    until(() -> blocked() >= 1);
                }
                default -> {}
            }
        }

        private int blocked() throws SQLException {
            return number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
        }

        private int outstanding() throws SQLException {
            return number("select count(*) from outstanding_token");
        }

        /** Those of earlier rounds would expire while this one's are counted. */
        private void forgetTokens() {
            try {
                ((Stores.Real) world.stores()).deleteFromRedis("*:tok:*");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private int cachedTokens() {
            try {
                return ((Stores.Real) world.stores()).cachedTokens();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private String redis(String command) {
            try {
                return ((Stores.Real) world.stores()).redis(command);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private int number(String query) throws SQLException {
            try (Connection asking = world.stores().sql();
                    Statement statement = asking.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                rows.next();
                return rows.getInt(1);
            }
        }

        private void run(String statements) throws SQLException {
            try (Statement statement = sql.createStatement()) {
                statement.execute(statements);
            }
        }

        private interface Condition {
            boolean holds() throws SQLException;
        }

        private void until(Condition condition) throws Exception {
            Instant end = Instant.now().plus(PATIENCE);
            while (!condition.holds()) {
                assertThat(Instant.now())
                        .as("the requests never came to " + step)
                        .isBefore(end);
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }

        /** Lets go of everything. */
        @Override
        public void close() throws Exception {
            gate.countDown();
            faultsOf().clear();
            if (step == TOKEN_NOT_YET_CACHED) {
                redis("CLIENT UNPAUSE");
            }
            run("rollback");
            sql.close();
        }
    }
}
