package dev.xaabroker.state;

import dev.xaabroker.grant.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** How long an issued token is handed out (PRODUCT.md, "State"; RULES F2). */
public final class Lifetime {

    /** No token is handed out for longer than five minutes. */
    public static final Duration MOST = Duration.ofMinutes(5);

    /** A cached token with less than this left is not served any more. */
    public static final Duration MARGIN = Duration.ofSeconds(30);

    private Lifetime() {}

    /**
     * When {@code token} is handed out for the last time.
     *
     * @param ceiling of the connections that grant it
     * @param loginEnds when the session behind it is over at the latest
     */
    public static Instant end(AccessToken token, Duration ceiling, Instant loginEnds) {
        Duration most = Collections.min(List.of(token.upstreamLifetime(), MOST, ceiling));
        Instant end = token.issued().plus(most);
        return loginEnds.isBefore(end) ? loginEnds : end;
    }

    /** How long a store may serve it from {@code now} on; zero or less when it must not be stored. */
    static Duration cacheable(CachedToken token, Instant now) {
        return Duration.between(now, token.end().minus(MARGIN));
    }
}
