package dev.xaabroker.state;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.WaitingLine;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The state of a fleet, in Redis. It must never evict on its own, or a replay mark could vanish before its time: that is
 * checked at start and again whenever Redis was away, as another server may have come back.
 */
final class RedisState implements State {

    private static final Logger LOG = Logger.getLogger(RedisState.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final String EVICTS = "Redis may evict entries: set its maxmemory-policy to noeviction";

    private static final String GET = "return redis.call('GET', KEYS[2])";
    private static final String PUT = "redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4]) return 1";
    private static final String PUT_IF_ABSENT =
            "local answer = redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4], 'NX') and 1 or 0\n";
    private static final String REMOVE = "return redis.call('DEL', KEYS[2])";

    private final Redis redis;
    private final RedisMemory memory;
    private final RedisLeases leases;
    private final Duration timeout;
    private final WaitingLine line;
    private final LongAdder answered = new LongAdder();
    private volatile boolean checked;
    private volatile boolean saidThatConfigIsForbidden;

    /**
     * State in {@code redis}.
     *
     * @param timeout for one command, once it is its turn
     * @param concurrent how many commands are under way at once: less than the pool's connections, one of which listens
     */
    RedisState(Redis redis, Duration timeout, int concurrent, Clock clock) {
        this.line = new WaitingLine(concurrent, PATIENCE, cause -> unavailable("Redis: " + cause));
        this.redis = redis;
        this.memory = new RedisMemory(this::send, clock);
        this.leases = new RedisLeases(redis, memory);
        this.timeout = timeout;
    }

    /**
     * Looks at Redis for the first time. One that does not answer yet is looked at later.
     *
     * @throws IllegalStateException when it may evict entries: the broker must not start on it
     */
    void start() {
        try {
            checked = neverEvicts(deadline());
        } catch (RuntimeException e) {
            LOG.warnf("Redis does not answer yet; its maxmemory-policy is checked when it does cause=%s", cause(e));
            return;
        }
        if (!checked) {
            throw new IllegalStateException(EVICTS);
        }
        try {
            memory.enter();
        } catch (Refusal notNow) {
            LOG.warnf("Redis stopped answering; it is looked at again when it does cause=%s", notNow.getMessage());
        }
    }

    @Override
    public Instant since() {
        return memory.since();
    }

    @Override
    public Optional<byte[]> get(String key) {
        Response value = memory.run(GET, List.of(key));
        return value == null ? Optional.empty() : Optional.of(value.toBytes());
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
        memory.run(PUT, List.of(key), value, millis(timeToLive));
    }

    @Override
    public boolean putIfAbsent(String key, byte[] value, Duration timeToLive) {
        return memory.runCounted(PUT_IF_ABSENT, List.of(key), value, millis(timeToLive)) == 1;
    }

    @Override
    public void remove(String key) {
        memory.run(REMOVE, List.of(key));
    }

    @Override
    public Optional<Lease> lease(String name, Duration life) {
        return leases.take(name, life);
    }

    @Override
    public boolean extend(Lease lease, Duration life) {
        return leases.extend(lease, life);
    }

    @Override
    public boolean putUnder(Lease lease, String key, byte[] value, Duration timeToLive) {
        return leases.put(lease, key, value, timeToLive);
    }

    @Override
    public void release(Lease lease) {
        leases.release(lease);
    }

    @Override
    public void awaitRelease(String name, Duration most) {
        leases.await(name, most);
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }

    private @Nullable Response send(Request request) {
        return line.<Optional<Response>>inTurn(() -> Optional.ofNullable(sendNow(request)), silence -> true)
                .orElse(null);
    }

    private @Nullable Response sendNow(Request request) {
        long deadline = deadline();
        try {
            if (!checked) {
                checked = neverEvicts(deadline);
            }
            if (checked) {
                return await(request, deadline);
            }
        } catch (RuntimeException e) {
            checked = false;
            throw unavailable("Redis does not answer: " + cause(e));
        }
        LOG.error(EVICTS);
        throw unavailable(EVICTS);
    }

    /** Whether Redis keeps what it took. One that does not let us ask, as managed ones do, is taken at its operator's word. */
    private boolean neverEvicts(long deadline) {
        try {
            Response policy = await(Request.cmd(Command.CONFIG).arg("GET").arg("maxmemory-policy"), deadline);
            return String.valueOf(policy).contains("noeviction");
        } catch (RuntimeException e) {
            String answer = e.getCause() instanceof ErrorType error ? String.valueOf(error.getMessage()) : "";
            if (answer.startsWith("ERR ") || answer.startsWith("NOPERM ")) {
                sayThatConfigIsForbidden();
                return true;
            }
            throw e;
        }
    }

    private void sayThatConfigIsForbidden() {
        if (!saidThatConfigIsForbidden) {
            saidThatConfigIsForbidden = true;
            LOG.warn("Redis does not let us read maxmemory-policy: make sure that it is noeviction,"
                    + " or client assertions may be replayed");
        }
    }

    /**
     * The answer to one command. One that is late while others are answered waits in a crowd, here or there; Redis is down
     * when nobody was answered for as long as the time-out.
     */
    private @Nullable Response await(Request request, long deadline) {
        CompletableFuture<Response> answer = redis.send(request)
                .onItem()
                .invoke(answered::increment)
                .subscribe()
                .asCompletionStage();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        long until = deadline;
        while (true) {
            long before = answered.sum();
            try {
                return answer.get(Math.max(1_000_000, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                until = Math.min(giveUp, deadline());
                if (answered.sum() == before || System.nanoTime() >= giveUp) {
                    answer.cancel(true);
                    throw new IllegalStateException(late);
                }
            } catch (ExecutionException failed) {
                throw new IllegalStateException(failed.getCause());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stop);
            }
        }
    }

    private long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    /** The kind of failure only: what Redis says may repeat a part of the command. */
    private static String cause(RuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getClass().getSimpleName();
    }

    private static Refusal unavailable(String detail) {
        return new Failure.Unavailable("state", RETRY_AFTER, detail).refusal();
    }
}
