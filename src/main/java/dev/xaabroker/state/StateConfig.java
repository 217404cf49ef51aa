package dev.xaabroker.state;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The fast shared state. Redis is used when {@code quarkus.redis.hosts} is set. */
@ConfigMapping(prefix = "xaa.state")
public interface StateConfig {

    /** For how long Redis may answer nobody before requests are refused with 503. */
    @WithDefault("1s")
    Duration timeout();

    /**
     * How many commands to Redis are under way at once; the others wait in line. Less than
     * {@code quarkus.redis.max-pool-size}, one of whose connections listens.
     */
    @WithDefault("12")
    int concurrent();

    /** How many entries the in-process store holds at most. */
    @WithDefault("100000")
    int inProcessEntries();
}
