package dev.xaabroker.broker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of the connect story. */
@ConfigMapping(prefix = "xaa.broker")
public interface BrokerConfig {

    /** How long a caller waits for another caller's exchange of the same token. */
    @WithDefault("20s")
    Duration flightWait();

    /**
     * After how long without a sign of life the exchange of another replica is given up. It is what a replica's crash costs
     * those who wait for it, at most.
     */
    @WithDefault("5s")
    Duration flightLease();

    /** How many connects with {@code Cache-Control: no-cache} a session may make a minute; beyond it gets the current entry. */
    @WithDefault("6")
    int freshPerMinute();

    /** How long a denial by the IdP or the RAS is remembered; at most 30 s (RULES F8). */
    @WithDefault("10s")
    Duration denialMemory();

    /** How many sessions of one IdP may be reported dead within a minute before the breaker doubts the IdP (RULES B10). */
    @WithDefault("20")
    int massLogoutThreshold();

    /** How long the breaker stays open. */
    @WithDefault("30s")
    Duration massLogoutPause();

    /**
     * Which last part of a token's served life, in percent, lets a connect renew it beforehand; each token begins somewhere in
     * the first three fifths of that part, so that tokens of one moment are not renewed in one moment. Zero renews nothing.
     */
    @WithDefault("25")
    int renewLastPercent();

    /** How many renewals this replica has under way at once; beyond it the token waits for its next use. */
    @WithDefault("16")
    int renewAtOnce();
}
