package dev.xaabroker.state;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks at the Redis of a broker, outside the application: that it answers, forgets nothing by itself, and knows the time. */
public final class RedisCheckup {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration APART = Duration.ofSeconds(2);

    private RedisCheckup() {}

    /** @param skew how far clocks may differ */
    public static List<Check> of(String url, Optional<Secret> password, Clock clock, Duration skew) {
        // The reasons are AloneOutbound's: names are looked up by the system, and Java 25 would warn of Unsafe.
        System.setProperty("vertx.disableDnsResolver", "true");
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            return look(vertx, url, password, clock, skew);
        } finally {
            vertx.close();
        }
    }

    private static List<Check> look(Vertx vertx, String url, Optional<Secret> password, Clock clock, Duration skew) {
        String place = place(url);
        List<Check> checks = new ArrayList<>();
        try {
            RedisOptions options = new RedisOptions().setConnectionString(url);
            password.ifPresent(secret -> options.setPassword(secret.reveal()));
            RedisConnection redis = await(Redis.createClient(vertx, options).connect());
            await(redis.send(Request.cmd(Command.PING)));
            checks.add(Check.ok("Redis", place));
            checks.add(clock(redis, clock, skew));
            checks.add(memory(redis));
            redis.close();
        } catch (TimeoutException late) {
            checks.add(away(place + " does not answer in time"));
        } catch (ExecutionException failed) {
            checks.add(refused(place, failed.getCause()));
        } catch (IllegalArgumentException malformed) {
            checks.add(
                    Check.fault("Redis", "not the URL of a Redis", "write quarkus.redis.hosts as redis://host:6379"));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            checks.add(away(place + " was not asked in time"));
        }
        return checks;
    }

    /** Without user and password. */
    static String place(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() == null
                    ? "the Redis of quarkus.redis.hosts"
                    : uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        } catch (URISyntaxException unreadable) {
            return "the Redis of quarkus.redis.hosts";
        }
    }

    private static Check refused(String place, @Nullable Throwable cause) {
        if (cause instanceof ErrorType error) {
            // Its words may repeat what was sent; the code in front of them does not.
            String code = String.valueOf(error.getMessage()).split(" ", 2)[0].replaceAll("[^A-Z]", "");
            return Check.fault(
                    "Redis",
                    place + " refuses us: " + code,
                    "check user and password (quarkus.redis.password, or in quarkus.redis.hosts); its user needs EVAL, INFO"
                            + " and CONFIG GET");
        }
        return away(place + " does not answer: "
                + (cause == null ? "unknown" : cause.getClass().getSimpleName()));
    }

    private static Check away(String found) {
        return Check.fault(
                "Redis", found, "see that it runs and can be reached from here; its address is quarkus.redis.hosts");
    }

    private static Check clock(RedisConnection redis, Clock clock, Duration skew)
            throws InterruptedException, ExecutionException, TimeoutException {
        Response time = await(redis.send(Request.cmd(Command.TIME)));
        Instant theirs = Instant.ofEpochSecond(time.get(0).toLong(), time.get(1).toLong() * 1000);
        Duration ahead = Duration.between(clock.instant(), theirs);
        if (ahead.abs().compareTo(APART) <= 0) {
            return Check.ok("clock", "as ours");
        }
        String found = "its clock is " + ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                + " ours";
        return ahead.abs().compareTo(skew) > 0
                ? Check.fault("clock", found, "set both clocks by NTP")
                : Check.warning("clock", found, "set both clocks by NTP");
    }

    private static Check memory(RedisConnection redis)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            Response policy =
                    await(redis.send(Request.cmd(Command.CONFIG).arg("GET").arg("maxmemory-policy")));
            return policy.toString().contains("noeviction")
                    ? Check.ok("maxmemory-policy", "noeviction")
                    : Check.fault(
                            "maxmemory-policy",
                            "it may drop entries by itself, and with them the marks of used assertions",
                            "set maxmemory-policy noeviction in its configuration");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ErrorType) {
                return Check.warning(
                        "maxmemory-policy",
                        "it does not let us read it",
                        "make sure that it is noeviction, or allow CONFIG GET");
            }
            throw failed;
        }
    }

    private static <T> T await(Future<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
