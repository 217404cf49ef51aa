package dev.xaabroker.state;

import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for a lease when it is given back, by one subscription per process. While the subscription is down,
 * waiters look again four times a second.
 */
final class RedisWakeups {

    static final String CHANNEL = "xaa:released";

    private static final Logger LOG = Logger.getLogger(RedisWakeups.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** PTTL rounds, and the key goes a moment after its time. */
    private static final Duration ROUNDING = Duration.ofMillis(5);

    private final Redis redis;
    private final Map<String, Set<CountDownLatch>> waiting = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable RedisConnection> subscription = new AtomicReference<>();

    private final ReentrantLock subscribing = new ReentrantLock();

    RedisWakeups(Redis redis) {
        this.redis = redis;
    }

    /**
     * Waits until {@code name} is released or runs out, at most {@code most}.
     *
     * @param left how long it still lives: asked after this waiter is known, so that no release is missed; negative when it
     *     is gone
     */
    void await(String name, Duration most, Supplier<Duration> left) {
        CountDownLatch released = new CountDownLatch(1);
        waiting.compute(name, (key, all) -> {
            Set<CountDownLatch> latches = all == null ? ConcurrentHashMap.newKeySet() : all;
            latches.add(released);
            return latches;
        });
        try {
            boolean woken = subscribed();
            Duration lives = left.get();
            if (lives.isNegative()) {
                return;
            }
            Duration wait = shortest(most, lives.plus(ROUNDING));
            boolean unused =
                    released.await((woken ? wait : shortest(wait, LOOK_AGAIN)).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.computeIfPresent(name, (key, all) -> {
                all.remove(released);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private boolean subscribed() {
        return subscription.get() != null || subscribe();
    }

    /** One thread subscribes; the others look again by themselves meanwhile. */
    private boolean subscribe() {
        if (!subscribing.tryLock()) {
            return false;
        }
        try {
            return subscription.get() != null || subscribeAlone();
        } finally {
            subscribing.unlock();
        }
    }

    private boolean subscribeAlone() {
        RedisConnection connection = null;
        try {
            connection = redis.connect().await().atMost(PATIENCE);
            RedisConnection opened = connection;
            connection.handler(this::received);
            connection.exceptionHandler(broken -> lost(opened));
            connection.endHandler(() -> lost(opened));
            connection.send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL)).await().atMost(PATIENCE);
            subscription.set(connection);
            return true;
        } catch (RuntimeException e) {
            LOG.warnf(
                    "not subscribed to Redis, waiters look again by themselves cause=%s",
                    e.getClass().getSimpleName());
            if (connection != null) {
                connection.closeAndForget();
            }
            return false;
        }
    }

    private void lost(RedisConnection connection) {
        if (subscription.compareAndSet(connection, null)) {
            LOG.warn("the subscription to Redis ended; the next waiter subscribes again");
            waiting.values().forEach(latches -> latches.forEach(CountDownLatch::countDown));
        }
    }

    /** A push of three: {@code message}, the channel, the name of the lease. */
    private void received(Response push) {
        if (push.size() == 3 && "message".equals(String.valueOf(push.get(0)))) {
            Set<CountDownLatch> latches = waiting.get(push.get(2).toString());
            if (latches != null) {
                latches.forEach(CountDownLatch::countDown);
            }
        }
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
