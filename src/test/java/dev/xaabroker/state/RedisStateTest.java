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
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        state = new RedisState(redis.client(), TIMEOUT, 6);
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
        assertUnavailable(() -> new RedisState(redis.client(), TIMEOUT, 6).get("k"));
        assertRecovers();
    }

    @Test
    @Rules("F4")
    void wakesAnotherReplicaThatWaits() throws Exception {
        RedisState other = new RedisState(redis.client(), TIMEOUT, 6);
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
