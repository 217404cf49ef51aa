package dev.xaabroker.upkeep;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the broker tidies up. */
@ConfigMapping(prefix = "xaa.upkeep")
public interface UpkeepConfig {

    /**
     * How often each replica sweeps dead sessions and expired tokens, give or take a tenth; zero never does. Nothing waits for
     * it: a session that is over is refused at once.
     */
    @WithDefault("5m")
    Duration every();

    /** How many rows one transaction of the sweep may change. */
    @WithDefault("500")
    int batch();
}
