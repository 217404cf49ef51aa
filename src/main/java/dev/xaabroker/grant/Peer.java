package dev.xaabroker.grant;

import java.time.Duration;

/**
 * How one IdP or RAS is reached.
 *
 * @param name the entry's name in the file, for limits, logs and metrics; never a URL
 * @param network which addresses its host names may resolve to
 * @param timeout the longest that one request to it may take, connecting included
 * @param maxConcurrent how many requests to it may be under way at once
 */
public record Peer(String name, Network network, Duration timeout, int maxConcurrent) {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    public static final int DEFAULT_MAX_CONCURRENT = 64;

    public Peer {
        if (timeout.isNegative() || timeout.isZero() || maxConcurrent < 1) {
            throw new IllegalArgumentException("a peer needs a positive time-out and at least one concurrent request");
        }
    }
}
