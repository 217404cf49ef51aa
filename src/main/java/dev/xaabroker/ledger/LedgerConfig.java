package dev.xaabroker.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the ledger is written. */
@ConfigMapping(prefix = "xaa.ledger")
public interface LedgerConfig {

    /** How long a request waits for its entry to be durable before it is refused. */
    @WithDefault("PT2S")
    Duration timeout();

    /** How often the heads of the chains are signed and logged. */
    @WithDefault("PT1M")
    Duration checkpointEvery();

    /** How many entries may wait to be written; beyond that requests are refused at once. */
    @WithDefault("10000")
    int queue();

    /** The most entries of one group commit. */
    @WithDefault("500")
    int batch();
}
