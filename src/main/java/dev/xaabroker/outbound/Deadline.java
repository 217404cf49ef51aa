package dev.xaabroker.outbound;

import java.time.Duration;

/** The moment by which a whole request must be over, on the monotonic clock. */
record Deadline(long nanos) {

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** What is left in nanoseconds; zero when nothing is. */
    long left() {
        return Math.max(0, nanos - System.nanoTime());
    }

    /** One of {@code parts} equal parts of what is left, at least a millisecond. */
    Duration share(int parts) {
        return Duration.ofNanos(Math.max(1_000_000, left() / parts));
    }
}
