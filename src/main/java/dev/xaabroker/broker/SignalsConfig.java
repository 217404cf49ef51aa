package dev.xaabroker.broker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How signals reach the broker. */
@ConfigMapping(prefix = "xaa.signals")
public interface SignalsConfig {

    /**
     * Where peers reach the broker, without a slash at the end: what is audience and address of what they send begins with it.
     * The issuer identifier, unless a proxy publishes the signals elsewhere.
     */
    @WithDefault("${xaa.oauth.issuer}")
    String address();

    /** Signals per minute that one source address may send. */
    @WithDefault("60000")
    int requestsPerSourcePerMinute();
}
