package dev.xaabroker.session;

import java.time.Duration;

/**
 * Ends what reached a limit without anybody using it, and removes what is over for so long that it proves nothing any more.
 * Each call is one short transaction. Several replicas may call it at once; a row is handled once.
 */
public interface SessionSweep {

    /** What there is to sweep, in the order in which to do it. */
    enum Kind {
        /** Live sessions unused for too long: they end. */
        IDLE,
        /** Live sessions older than the bound that they were adopted under: they end. */
        EXPIRED,
        /** Live sessions older than a bound that was lowered since: they end. */
        OVERAGE,
        /**
         * Adoptions that came to nothing. Their token may be spent, so that they stand as tombstones first, as long as those
         * of sessions.
         */
        ABANDONED,
        /** Sessions that are over for {@code maxAge}, with the hashes of their tokens and their handles: they go. */
        TOMBSTONE,
        /** Upstream tokens that their RAS does not accept any more: they go. */
        OUTSTANDING,
        /** What is remembered of logins and signals, and speaks against nothing any more: it goes. */
        REMEMBERED,
        /** Kills that opened by themselves long ago: they go. */
        REOPENED
    }

    /**
     * Sweeps at most {@code most} of a kind.
     *
     * @param tenant whose sessions; expired upstream tokens go whosever they are
     * @param maxAge after which a session ends, and as long again its tombstone goes
     * @return how many; fewer than {@code most} when there are no more of them now
     * @throws dev.xaabroker.grant.Refusal Unavailable "store"
     */
    int sweep(String tenant, Kind kind, Duration maxAge, int most);

    /** How many sessions live. */
    long living();
}
