package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.Ends;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connects of this process that are under way. One whose login ends meanwhile is answered at once, and does not wait for a
 * slow IdP or RAS; what it set off goes on without it, to the end, where its token is withheld and revoked. Every connect
 * compares with SQL at its own steps, whatever happens here: this is for those that stand still between two of them.
 */
@ApplicationScoped
class Underway {

    /** How often connects that take longer than this are compared with what has ended. */
    static final Duration TICK = Duration.ofMillis(200);

    private static final Logger LOG = Logger.getLogger(Underway.class);
    private static final int AT_ONCE = 1_000;

    private final Ends ends;
    private final Logins logins;
    private final Shut shut;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Set<Seat> seats = ConcurrentHashMap.newKeySet();
    private final Semaphore looks = new Semaphore(0);
    private final Thread watch = Thread.ofPlatform().daemon().name("underway").unstarted(this::watch);

    Underway(Ends ends, Logins logins, Shut shut, MeterRegistry meters, Clock clock) {
        this.ends = ends;
        this.logins = logins;
        this.shut = shut;
        this.meters = meters;
        this.clock = clock;
    }

    /** One connect under way. */
    static final class Seat {

        private final long began = System.nanoTime();
        private final CompletableFuture<Connected> answer = new CompletableFuture<>();
        private volatile @Nullable Sitting sitting;

        private record Sitting(Policy policy, Policy.Query query, Login login) {}

        /** From here on it is known whose connect it is. */
        void takenBy(Policy policy, Policy.Query query, Login login) {
            sitting = new Sitting(policy, query, login);
        }

        private Optional<String> sessionId() {
            return sitting != null && sitting.login() instanceof Login.InSession in
                    ? Optional.of(in.session().id())
                    : Optional.empty();
        }

        private void leave(Refusal why) {
            answer.completeExceptionally(why);
        }
    }

    void start(@Observes StartupEvent event) {
        watch.start();
    }

    void stop(@Observes ShutdownEvent event) {
        watch.interrupt();
    }

    /** Walks, and returns when the walk is over or when it is overtaken by an end. */
    Connected during(Function<Seat, Connected> walk) {
        Seat seat = new Seat();
        seats.add(seat);
        Thread.ofVirtual().name("connect").start(() -> {
            try {
                seat.answer.complete(walk.apply(seat));
            } catch (RuntimeException | Error e) {
                seat.answer.completeExceptionally(e);
            } finally {
                seats.remove(seat);
            }
        });
        try {
            return seat.answer.get();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RuntimeException failure -> failure;
                case Error error -> throw error;
                case null, default -> new IllegalStateException(e);
            };
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new Failure.Unavailable("broker", Duration.ofSeconds(1), "interrupted on the way").refusal();
        }
    }

    /** Answers those of the connects that belong to sessions which are over. */
    void cutOff(Collection<String> sessionIds) {
        if (!sessionIds.isEmpty()) {
            Set<String> over = new HashSet<>(sessionIds);
            seats.stream()
                    .filter(seat -> seat.sessionId().filter(over::contains).isPresent())
                    .forEach(seat -> seat.leave(ended("cut off")));
        }
    }

    /** Has the watch look now. */
    void look() {
        looks.release();
    }

    private void watch() {
        try {
            while (true) {
                boolean called = looks.tryAcquire(TICK.toNanos(), TimeUnit.NANOSECONDS);
                looks.drainPermits();
                List<Seat> slow = seats.stream()
                        .filter(seat -> called || System.nanoTime() - seat.began > TICK.toNanos())
                        .filter(seat -> seat.sitting != null && !seat.answer.isDone())
                        .toList();
                if (!slow.isEmpty()) {
                    compare(slow);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void compare(List<Seat> slow) {
        try {
            for (int from = 0; from < slow.size(); from += AT_ONCE) {
                List<Seat> some = slow.subList(from, Math.min(slow.size(), from + AT_ONCE));
                compareSessions(some);
            }
            Map<String, Kills> kills = new HashMap<>();
            slow.forEach(seat -> compare(seat, kills));
        } catch (Refusal down) {
            LOG.debugf(
                    "Connects under way cannot be compared reason=%s",
                    down.failure().reason());
        } catch (RuntimeException broken) {
            LOG.error("Connects under way could not be compared", broken);
        }
    }

    private void compareSessions(List<Seat> some) {
        Set<String> ids = new HashSet<>();
        some.forEach(seat -> seat.sessionId().ifPresent(ids::add));
        if (ids.isEmpty()) {
            return;
        }
        Map<String, Ends.Over> over = ends.over(ids);
        for (Seat seat : some) {
            seat.sessionId().map(over::get).ifPresent(end -> {
                seat.leave(ended(end.cause()));
                Ending.latency(meters, "elsewhere").record(Duration.between(end.at(), clock.instant()));
            });
        }
    }

    /** With what is shut, which is read once for all of a tenant; and a login without a session, of which there are few. */
    private void compare(Seat seat, Map<String, Kills> known) {
        Seat.Sitting sitting = seat.sitting;
        if (sitting == null || seat.answer.isDone()) {
            return;
        }
        Policy policy = sitting.policy();
        Kills kills = known.computeIfAbsent(policy.tenant(), shut::inForce);
        Shut.refusal(kills, policy, sitting.query(), sitting.login().identity()).ifPresent(seat::leave);
        if (sitting.login() instanceof Login.Sessionless) {
            try {
                logins.assertStillLive(policy, sitting.login());
            } catch (Refusal over) {
                if (over.failure() instanceof Failure.Denied) {
                    seat.leave(over);
                }
            }
        }
    }

    private static Refusal ended(String cause) {
        return new Failure.Denied(
                        Reason.SESSION_ENDED,
                        "",
                        "This session is over; log in again.",
                        Optional.empty(),
                        "the session ended while the request was under way: " + cause)
                .refusal();
    }
}
