package dev.xaabroker.exchange;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How patient the two hops are with what peers publish about themselves. */
@ConfigMapping(prefix = "xaa.exchange")
public interface ExchangeConfig {

    /** How long a failed look-up is not repeated when the peer did not answer: short, so that its return is noticed. */
    @WithDefault("PT1S")
    Duration unreachableFor();

    /** How long a peer that says it publishes no metadata is believed; never longer than 30 s (RULES D11). */
    @WithDefault("PT10S")
    Duration absentFor();

    /** How often doubt about a cached document (an unknown key, {@code invalid_client}) may fetch it anew, per peer. */
    @WithDefault("PT10S")
    Duration refreshInterval();

    /** How long a RAS that refused the broker's credentials is left alone (RULES E10). */
    @WithDefault("PT60S")
    Duration circuitOpen();

    /**
     * How many token requests this replica sends to one IdP a minute, refreshes and exchanges together; at least 1. A whole
     * minute's worth may go out at once, within the entry's {@code maxConcurrent}. Beyond it: 503, and nothing is sent.
     */
    @WithDefault("6000")
    int idpRequestsPerMinute();
}
