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

    /**
     * How often each replica looks for tokens that are to be revoked upstream, beside those that it put into the queue itself,
     * which it revokes at once.
     */
    @WithDefault("2s")
    Duration revokeEvery();

    /** How many revocations one replica has under way. */
    @WithDefault("16")
    int revokeAtOnce();

    /**
     * How often one of the replicas tries what must be refused, and alerts when it is not; zero never does. At least a second.
     * Each round is some connects of nobody, which stand in the ledger.
     */
    @WithDefault("0S")
    Duration proberEvery();

    /** Whether this replica takes its turn at looking after the streams of security events; one replica at least must. */
    @WithDefault("true")
    boolean streams();
}
