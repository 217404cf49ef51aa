package dev.xaabroker.state;

import dev.xaabroker.state.State.Lease;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leases in Redis: one key with the fence and the holder, which ends by itself. What is stored under a lease is stored by
 * a script that looks at the lease first, so that a holder who was away too long can change nothing. A lease of an earlier
 * {@linkplain RedisMemory memory} is a lost one.
 */
final class RedisLeases {

    private static final Duration FENCES_LIVE = Duration.ofDays(1);
    private static final String FENCE = "fence:";

    private static final String TAKE = """
            local answer = 0
            if redis.call('EXISTS', KEYS[2]) == 0 then
                answer = redis.call('INCR', KEYS[3])
                redis.call('PEXPIRE', KEYS[3], ARGV[5])
                redis.call('SET', KEYS[2], answer .. ':' .. ARGV[3], 'PX', ARGV[4])
            end
            """;
    private static final String EXTEND = """
            if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
            return redis.call('PEXPIRE', KEYS[2], ARGV[4])
            """;
    private static final String PUT = """
            if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
            redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
            return 1
            """;
    private static final String RELEASE = """
            if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
            redis.call('DEL', KEYS[2])
            redis.call('PUBLISH', ARGV[4], ARGV[5])
            return 1
            """;
    private static final String LEFT = "return redis.call('PTTL', KEYS[2])";

    private final RedisMemory memory;
    private final RedisWakeups wakeups;
    private final SecureRandom random = new SecureRandom();

    RedisLeases(Redis redis, RedisMemory memory) {
        this.memory = memory;
        this.wakeups = new RedisWakeups(redis);
    }

    Optional<Lease> take(String name, Duration life) {
        byte[] id = new byte[12];
        random.nextBytes(id);
        String holder = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        long fence = memory.runCounted(TAKE, List.of(name, FENCE + name), holder, millis(life), FENCES_LIVE.toMillis());
        return fence == 0 ? Optional.empty() : Optional.of(new Lease(name, fence, holder));
    }

    boolean extend(Lease lease, Duration life) {
        return number(memory.run(EXTEND, List.of(lease.name()), value(lease), millis(life))) == 1;
    }

    boolean put(Lease lease, String key, byte[] value, Duration timeToLive) {
        return number(memory.run(PUT, List.of(lease.name(), key), value(lease), value, millis(timeToLive))) == 1;
    }

    void release(Lease lease) {
        memory.run(RELEASE, List.of(lease.name()), value(lease), RedisWakeups.CHANNEL, lease.name());
    }

    void await(String name, Duration most) {
        wakeups.await(name, most, () -> Duration.ofMillis(number(memory.run(LEFT, List.of(name)))));
    }

    private static long number(@Nullable Response answer) {
        return answer == null ? 0 : answer.toLong();
    }

    private static String value(Lease lease) {
        return lease.fence() + ":" + lease.holder();
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }
}
