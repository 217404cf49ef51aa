package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What both stores promise. */
@Timeout(60)
abstract class StateContract {

    static final Duration LONG = Duration.ofMinutes(5);
    static final Duration SHORT = Duration.ofMillis(200);

    abstract State state();

    /** Lets {@code time} pass for the store. */
    abstract void pass(Duration time) throws InterruptedException;

    @Test
    void returnsEveryByteThatWasPut() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        state().put("k", bytes, LONG);
        assertThat(state().get("k")).hasValue(bytes);
        assertThat(state().get("other")).isEmpty();
    }

    @Test
    void returnsAnEmptyValueAsAValue() {
        state().put("k", new byte[0], LONG);
        assertThat(state().get("k")).hasValue(new byte[0]);
    }

    @Test
    void keepsItsOwnCopy() {
        byte[] bytes = {1};
        state().put("k", bytes, LONG);
        bytes[0] = 2;
        state().get("k").orElseThrow()[0] = 3;
        assertThat(state().get("k")).hasValue(new byte[] {1});
    }

    @Test
    @Rules("F2")
    void forgetsAnEntryAfterItsTimeToLiveHoweverOftenItIsRead() throws InterruptedException {
        state().put("k", new byte[] {1}, SHORT);
        assertThat(state().get("k")).isPresent();
        pass(SHORT.dividedBy(2));
        state().get("k");
        pass(SHORT.dividedBy(2).plusMillis(20));
        assertThat(state().get("k")).isEmpty();
    }

    @Test
    void replacesValueAndTimeToLiveTogether() throws InterruptedException {
        state().put("longer", new byte[] {1}, SHORT);
        state().put("longer", new byte[] {2}, LONG);
        state().put("shorter", new byte[] {1}, LONG);
        state().put("shorter", new byte[] {2}, SHORT);
        pass(SHORT.plusMillis(20));
        assertThat(state().get("longer")).hasValue(new byte[] {2});
        assertThat(state().get("shorter")).isEmpty();
    }

    @Test
    void forgetsWhatIsRemoved() {
        state().put("k", new byte[] {1}, LONG);
        state().remove("k");
        state().remove("k");
        assertThat(state().get("k")).isEmpty();
    }

    @Test
    @Rules("A4")
    void letsExactlyOneOfManyStoreAnAbsentKey() throws Exception {
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            racers.add(() -> state().putIfAbsent("k", new byte[] {1}, LONG));
        }
        int winners = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> racer : threads.invokeAll(racers)) {
                winners += racer.get() ? 1 : 0;
            }
        }
        assertThat(winners).isEqualTo(1);
    }

    @Test
    void storesAnAbsentKeyAgainOnceItIsExpiredAndNotBefore() throws InterruptedException {
        assertThat(state().putIfAbsent("k", new byte[] {1}, SHORT)).isTrue();
        assertThat(state().putIfAbsent("k", new byte[] {2}, LONG)).isFalse();
        assertThat(state().get("k")).hasValue(new byte[] {1});
        pass(SHORT.plusMillis(20));
        assertThat(state().putIfAbsent("k", new byte[] {3}, LONG)).isTrue();
    }

    @Test
    @Rules("F4")
    void givesALeaseToExactlyOneOfMany() throws Exception {
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            racers.add(() -> state().lease("f:{1}", LONG).isPresent());
        }
        int winners = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> racer : threads.invokeAll(racers)) {
                winners += racer.get() ? 1 : 0;
            }
        }
        assertThat(winners).isEqualTo(1);
        assertThat(state().lease("f:{2}", LONG)).isPresent();
    }

    @Test
    @Rules("F4")
    void givesALeaseAgainWithAHigherFenceOnceItIsReleased() {
        State.Lease first = state().lease("f:{1}", LONG).orElseThrow();
        state().release(first);
        State.Lease second = state().lease("f:{1}", LONG).orElseThrow();

        assertThat(second.fence()).isGreaterThan(first.fence());
    }

    @Test
    @Rules("F4")
    void letsNobodyStoreUnderALeaseThatWasLost() throws InterruptedException {
        State.Lease slow = state().lease("f:{1}", SHORT).orElseThrow();
        assertThat(state().putUnder(slow, "t:{1}", new byte[] {1}, LONG)).isTrue();
        pass(SHORT.plusMillis(20));
        assertThat(state().putUnder(slow, "t:{1}", new byte[] {2}, LONG)).isFalse();
        State.Lease next = state().lease("f:{1}", LONG).orElseThrow();

        assertThat(state().putUnder(slow, "t:{1}", new byte[] {3}, LONG)).isFalse();
        assertThat(state().extend(slow, LONG)).isFalse();
        state().release(slow);
        assertThat(state().putUnder(next, "t:{1}", new byte[] {4}, LONG)).isTrue();
        assertThat(state().get("t:{1}")).hasValue(new byte[] {4});
    }

    @Test
    void keepsALeaseThatIsExtended() throws InterruptedException {
        State.Lease lease = state().lease("f:{1}", SHORT).orElseThrow();
        assertThat(state().extend(lease, LONG)).isTrue();
        pass(SHORT.plusMillis(20));

        assertThat(state().lease("f:{1}", SHORT)).isEmpty();
        assertThat(state().putUnder(lease, "t:{1}", new byte[] {1}, SHORT)).isTrue();
    }

    @Test
    void wakesWhoeverWaitsWhenTheLeaseIsReleased() throws Exception {
        State.Lease lease = state().lease("f:{1}", LONG).orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long began = System.nanoTime();
            Future<?> waiter = threads.submit(() -> state().awaitRelease("f:{1}", Duration.ofSeconds(30)));
            Thread.sleep(700);
            assertThat(waiter.isDone()).as("still waiting").isFalse();
            state().release(lease);
            waiter.get();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void waitsForNothingWhereThereIsNoLease() {
        long began = System.nanoTime();
        state().awaitRelease("f:{none}", Duration.ofSeconds(30));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void waitsNoLongerThanItIsTold() {
        assertThat(state().lease("f:{1}", LONG)).isPresent();
        long began = System.nanoTime();
        state().awaitRelease("f:{1}", SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(SHORT, Duration.ofSeconds(10));
    }
}
