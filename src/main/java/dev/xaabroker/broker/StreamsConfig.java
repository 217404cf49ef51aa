package dev.xaabroker.broker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the streams of security events are looked after. */
@ConfigMapping(prefix = "xaa.streams")
public interface StreamsConfig {

    /** After how long without a sign of life of the replica that looks after a stream another one does. */
    @WithDefault("5s")
    Duration lease();

    /** For how long a stream may fail to be made or fetched before its signals are degraded, after at least three tries. */
    @WithDefault("30s")
    Duration failingFor();

    /** How many events are fetched at once; an answer has room for 256 kB. */
    @WithDefault("50")
    int batch();
}
