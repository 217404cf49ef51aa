package dev.xaabroker.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the policy stands: what is in force, and what became of the last look at the file.
 *
 * @param policy in force; null when nothing was ever loaded
 * @param since when it came into force; null without one
 * @param took how long its load took
 * @param findings what is wrong with the file as it is now; empty when it is what is in force
 * @param loaded how many loads succeeded since the start
 * @param refused how many were refused
 */
record Standing(
        @Nullable Policy policy,
        @Nullable Instant since,
        Duration took,
        List<Finding> findings,
        long loaded,
        long refused) {

    static final Standing NOTHING = new Standing(null, null, Duration.ZERO, List.of(), 0, 0);

    /** Whether an earlier file serves because the present one is wrong. */
    boolean stale() {
        return policy != null && !findings.isEmpty();
    }

    Standing with(Policy good, Instant now, Duration loadTook) {
        return new Standing(good, now, loadTook, List.of(), loaded + 1, refused);
    }

    Standing without(List<Finding> wrong) {
        return new Standing(policy, since, took, List.copyOf(wrong), loaded, refused + 1);
    }
}
