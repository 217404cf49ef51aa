package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import io.vertx.mutiny.redis.client.Command;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a real Redis, which is stopped, stalled and misconfigured. */
class RedisStateTest extends StateContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static RealRedis redis;

    private RedisState state;

    @BeforeAll
    static void open() throws IOException {
        redis = new RealRedis();
    }

    @AfterAll
    static void close() throws IOException {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.send(Command.FLUSHALL);
        state = new RedisState(redis.client(), TIMEOUT, 6, Clock.systemUTC());
    }

    @Override
    State state() {
        return state;
    }

    @Override
    void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    @Test
    @Rules("F9")
    void refusesWithinTheTimeOutWhileRedisIsDownAndRecoversByItself() throws Exception {
        state.put("k", new byte[] {1}, LONG);
        redis.stop();
        try {
            assertUnavailable(() -> state.get("k"));
            assertUnavailable(() -> state.put("k", new byte[] {1}, LONG));
            assertUnavailable(() -> state.putIfAbsent("k", new byte[] {1}, LONG));
            assertUnavailable(() -> state.remove("k"));
            assertUnavailable(() -> state.lease("f:{1}", LONG));
            assertThatCode(state::start).as("a start without Redis").doesNotThrowAnyException();
        } finally {
            redis.start();
        }
        assertRecovers();
    }

    @Test
    @Rules("F9")
    void refusesWithinTheTimeOutWhileRedisStallsAndRecoversByItself() throws Exception {
        state.put("k", new byte[] {1}, LONG);
        redis.send(Command.CLIENT, "PAUSE", "2500", "ALL");
        assertUnavailable(() -> state.get("k"));
        assertUnavailable(() -> new RedisState(redis.client(), TIMEOUT, 6, Clock.systemUTC()).get("k"));
        assertRecovers();
    }

    /** As on a replica that has just started and meets a rush: one answer is late, and Redis is not down for that. */
    @Test
    void waitsForALateAnswerWhileOthersAreAnswered() throws Exception {
        Duration late = TIMEOUT.plusMillis(700);
        try (SlowLane lane = new SlowLane(redis.port(), "late", late);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            RedisState crowded = new RedisState(redis.client(lane.port()), TIMEOUT, 6, Clock.systemUTC());
            crowded.put("k", new byte[] {1}, LONG);
            Future<Boolean> held = threads.submit(() -> crowded.putIfAbsent("late", new byte[] {1}, LONG));
            while (!held.isDone()) {
                assertThat(crowded.get("k")).isPresent();
                Thread.sleep(20);
            }

            assertThat(held.get()).isTrue();
            assertThat(lane.heldUp()).isPositive();
            assertUnavailable(() -> crowded.get("late"));
        }
    }

    @Test
    @Rules("F4")
    void wakesAnotherReplicaThatWaits() throws Exception {
        RedisState other = new RedisState(redis.client(), TIMEOUT, 6, Clock.systemUTC());
        State.Lease lease = state.lease("f:{1}", LONG).orElseThrow();
        for (boolean cut : new boolean[] {false, true}) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Long> waiter = threads.submit(() -> {
                    other.awaitRelease("f:{1}", Duration.ofSeconds(30));
                    return System.nanoTime();
                });
                Thread.sleep(500);
                if (cut) {
                    redis.send(Command.CLIENT, "KILL", "TYPE", "PUBSUB");
                    while (!waiter.isDone()) {
                        Thread.sleep(5);
                    }
                    assertThat(other.lease("f:{1}", LONG))
                            .as("woken to look again")
                            .isEmpty();
                } else {
                    long released = System.nanoTime();
                    state.release(lease);
                    assertThat(Duration.ofNanos(waiter.get() - released)).isLessThan(Duration.ofMillis(200));
                    lease = state.lease("f:{1}", LONG).orElseThrow();
                }
            }
        }
    }

    @Test
    @Rules("F4")
    void believesNoLeaseFromBeforeRedisLostItsMemory() {
        State.Lease before = state.lease("f:{1}", LONG).orElseThrow();
        redis.send(Command.FLUSHALL);
        State.Lease after = state.lease("f:{1}", LONG).orElseThrow();
        assertThat(after.fence()).isEqualTo(before.fence());

        assertThat(state.putUnder(before, "t:{1}", new byte[] {1}, LONG)).isFalse();
        assertThat(state.putUnder(after, "t:{1}", new byte[] {2}, LONG)).isTrue();
    }

    /** What the fleet may meet when it comes back to its Redis. */
    enum Loss {
        EMPTIED {
            @Override
            void befall() {
                redis.send(Command.FLUSHALL);
            }
        },
        RESTARTED {
            @Override
            void befall() throws IOException, InterruptedException {
                redis.stop();
                redis.start();
                assertThat(within(() -> answers(() -> redis.send(Command.PING))))
                        .isTrue();
            }
        },
        /** A replica that was promoted has everything, the marker too, and another run id. */
        FAILED_OVER_TO_ANOTHER_SERVER {
            @Override
            void befall() {
                redis.send(Command.HSET, MARKER, "run", "of-the-server-before");
            }
        },
        /** As after a fail-over to a replica that lags, on a server that does not let us see its run id. */
        FAILED_OVER_TO_AN_EARLIER_STATE {
            @Override
            void befall() {
                redis.send(Command.HINCRBY, MARKER, "count", "-1");
            }
        };

        abstract void befall() throws Exception;
    }

    private static final String MARKER = "{xaa}:memory";

    @ParameterizedTest
    @EnumSource
    @Rules({"A4", "F9"})
    void believesNothingFromBeforeRedisLostItsMemory(Loss loss) throws Exception {
        Instant made = Instant.parse("2026-11-21T10:00:00Z");
        Instant lost = made.plusSeconds(60);
        state = at(made);
        state.get("k");
        RedisState idle = at(lost.plusSeconds(5));
        idle.get("k");
        State.Lease before = state.lease("f", LONG).orElseThrow();
        state.putUnder(before, "token", new byte[] {1}, LONG);
        assertThat(state.putIfAbsent("mark", new byte[] {1}, LONG)).isTrue();
        assertThat(state.since()).isEqualTo(made);

        loss.befall();
        now = lost;

        assertThat(back(() -> state.get("token"))).isEmpty();
        assertThat(state.since()).isEqualTo(lost);
        assertThat(state.putUnder(before, "token", new byte[] {2}, LONG)).isFalse();
        assertThat(state.extend(before, LONG)).isFalse();
        assertThat(state.putIfAbsent("mark", new byte[] {1}, LONG)).isTrue();
        assertThat(idle.putIfAbsent("mark", new byte[] {1}, LONG)).isFalse();
        assertThat(idle.since()).as("all adopt the one that began first").isEqualTo(lost);
    }

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    /** A replica whose clock stands at {@code time}, or moves with {@link #now} when it is that. */
    private RedisState at(Instant time) {
        InstantSource clock = time.equals(now) ? () -> now : () -> time;
        return new RedisState(redis.client(), TIMEOUT, 6, clock.withZone(ZoneOffset.UTC));
    }

    /** The first command after a restart may still meet a connection that is gone. */
    private static <T> T back(Supplier<T> command) throws InterruptedException {
        AtomicReference<T> answer = new AtomicReference<>();
        assertThat(within(() -> answers(() -> answer.set(command.get())))).isTrue();
        return answer.get();
    }

    private static boolean answers(Runnable command) {
        try {
            command.run();
            return true;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    @Test
    @Rules("F9")
    void keepsItsMemoryWhileNothingIsLost() {
        state.start();
        Instant since = state.since();
        RedisState joins = new RedisState(redis.client(), TIMEOUT, 6, Clock.systemUTC());
        for (int i = 0; i < 20; i++) {
            assertThat((i % 2 == 0 ? state : joins).putIfAbsent("mark" + i, new byte[] {1}, LONG))
                    .isTrue();
        }
        assertThat(joins.since()).isEqualTo(since);
        assertThat(state.since()).isEqualTo(since);
    }

    @Test
    void worksOnARedisThatDoesNotLetScriptsReadInfo() {
        redis.send(Command.ACL, "SETUSER", "default", "-info");
        try {
            assertThat(state.putIfAbsent("k", new byte[] {1}, LONG)).isTrue();
            Instant since = state.since();
            assertThat(state.putIfAbsent("k", new byte[] {1}, LONG)).isFalse();
            assertThat(state.since()).isEqualTo(since);
        } finally {
            redis.send(Command.ACL, "SETUSER", "default", "+info");
        }
    }

    @Test
    @Rules("F9")
    void doesNotStartOnARedisThatMayEvict() throws Exception {
        redis.send(Command.CONFIG, "SET", "maxmemory-policy", "allkeys-lru");
        try {
            assertThatIllegalStateException().isThrownBy(state::start).withMessageContaining("noeviction");
            assertUnavailable(() -> state.putIfAbsent("k", new byte[] {1}, LONG));
        } finally {
            redis.send(Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
        }
        assertRecovers();
    }

    @Test
    @Rules("F9")
    void looksAgainAtARedisThatWasAway() throws Exception {
        state.start();
        redis.stop();
        assertUnavailable(() -> state.get("k"));
        redis.start();
        assertThat(within(() -> evicting())).isTrue();
        try {
            assertThat(within(() -> unavailable(() -> state.get("k")).detail().contains("maxmemory-policy")))
                    .isTrue();
        } finally {
            redis.send(Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
        }
        assertRecovers();
    }

    private static boolean evicting() {
        try {
            redis.send(Command.CONFIG, "SET", "maxmemory-policy", "allkeys-lru");
            return true;
        } catch (RuntimeException notBack) {
            return false;
        }
    }

    @Test
    void worksOnARedisThatDoesNotLetItReadItsConfiguration() {
        redis.send(Command.ACL, "SETUSER", "default", "-config");
        try {
            assertThatCode(state::start).doesNotThrowAnyException();
            assertThat(state.putIfAbsent("k", new byte[] {1}, LONG)).isTrue();
        } finally {
            redis.send(Command.ACL, "SETUSER", "default", "+config");
        }
    }

    private static void assertUnavailable(Runnable operation) {
        long began = System.nanoTime();
        Failure.Unavailable failure = unavailable(operation);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TIMEOUT.plusMillis(500));
        assertThat(failure.part()).isEqualTo("state");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    }

    private static Failure.Unavailable unavailable(Runnable operation) {
        Refusal refusal = catchThrowableOfType(Refusal.class, operation::run);
        assertThat(refusal).isNotNull();
        return (Failure.Unavailable) refusal.failure();
    }

    private void assertRecovers() throws InterruptedException {
        assertThat(within(() -> {
                    try {
                        state.put("back", new byte[] {1}, LONG);
                        return state.get("back").isPresent();
                    } catch (Refusal notYet) {
                        return false;
                    }
                }))
                .isTrue();
    }

    private static boolean within(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < deadline) {
            if (condition.getAsBoolean()) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return false;
    }
}
