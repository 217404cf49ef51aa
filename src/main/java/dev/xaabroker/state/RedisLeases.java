package dev.xaabroker.state;

import dev.xaabroker.state.State.Lease;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leases in Redis: one key with the fence and the holder, which ends by itself. What is stored under a lease is stored by
 * a script that looks at the lease first, so that a holder who was away too long can change nothing.
 *
 * <p>Names hold their varying part in braces, so that a lease and what is stored under it share a slot of a cluster.
 */
final class RedisLeases {

    private static final Duration FENCES_LIVE = Duration.ofDays(1);
    private static final String FENCE = "fence:";

    private static final String TAKE = """
            if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
            local fence = redis.call('INCR', KEYS[2])
            redis.call('PEXPIRE', KEYS[2], ARGV[3])
            redis.call('SET', KEYS[1], fence .. ':' .. ARGV[1], 'PX', ARGV[2])
            return fence
            """;
    private static final String EXTEND = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            """;
    private static final String PUT = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
            return 1
            """;
    private static final String RELEASE = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            redis.call('DEL', KEYS[1])
            redis.call('PUBLISH', ARGV[2], KEYS[1])
            return 1
            """;

    private final Function<Request, @Nullable Response> send;
    private final RedisWakeups wakeups;
    private final SecureRandom random = new SecureRandom();

    RedisLeases(Redis redis, Function<Request, @Nullable Response> send) {
        this.send = send;
        this.wakeups = new RedisWakeups(redis);
    }

    Optional<Lease> take(String name, Duration life) {
        byte[] id = new byte[12];
        random.nextBytes(id);
        String holder = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        long fence = number(script(TAKE, 2)
                .arg(name)
                .arg(FENCE + name)
                .arg(holder)
                .arg(millis(life))
                .arg(FENCES_LIVE.toMillis()));
        return fence == 0 ? Optional.empty() : Optional.of(new Lease(name, fence, holder));
    }

    boolean extend(Lease lease, Duration life) {
        return number(script(EXTEND, 1).arg(lease.name()).arg(value(lease)).arg(millis(life))) == 1;
    }

    boolean put(Lease lease, String key, byte[] value, Duration timeToLive) {
        return number(script(PUT, 2)
                        .arg(lease.name())
                        .arg(key)
                        .arg(value(lease))
                        .arg(Buffer.buffer(value))
                        .arg(millis(timeToLive)))
                == 1;
    }

    void release(Lease lease) {
        number(script(RELEASE, 1).arg(lease.name()).arg(value(lease)).arg(RedisWakeups.CHANNEL));
    }

    void await(String name, Duration most) {
        wakeups.await(
                name,
                most,
                () -> Duration.ofMillis(number(Request.cmd(Command.PTTL).arg(name))));
    }

    private long number(Request request) {
        Response answer = send.apply(request);
        return answer == null ? 0 : answer.toLong();
    }

    private static Request script(String script, int keys) {
        return Request.cmd(Command.EVAL).arg(script).arg(keys);
    }

    private static String value(Lease lease) {
        return lease.fence() + ":" + lease.holder();
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }
}
