package dev.xaabroker.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How sessions are kept. */
@ConfigMapping(prefix = "xaa.sessions")
public interface SessionsConfig {

    /** How long a request waits for another one that is adopting or refreshing the same session. */
    @WithDefault("PT10S")
    Duration patience();

    /**
     * How long a process that adopts or refreshes is taken for alive after its last sign of life, which comes three times
     * as often: what its crash costs that session, at most. Shorter than the grace of any profile.
     */
    @WithDefault("PT10S")
    Duration lease();

    /** How long the tokens of a refresh stay in memory for requests that were waiting for it. */
    @WithDefault("PT10S")
    Duration proofsFor();

    /**
     * How many requests may use the database at once; the others wait in line. Less than
     * {@code quarkus.datasource.jdbc.max-size}, so that the ledger always has a connection.
     */
    @WithDefault("16")
    int statements();

    /** How many handles a session has; beyond that the oldest cease to be known. */
    @WithDefault("100")
    int handles();

    /**
     * After how long without a connect a session ends; zero when it does not. A week is longer than a weekend and shorter than
     * a leave. It bites where {@code maxSessionAge} is longer than that; by default that is 12 h.
     */
    @WithDefault("P7D")
    Duration idle();

    /**
     * How many sessions one user may have of one client, on all devices together; an adoption beyond it ends the one unused
     * for longest. Zero sets no bound.
     */
    @WithDefault("10")
    int perUserAndClient();
}
