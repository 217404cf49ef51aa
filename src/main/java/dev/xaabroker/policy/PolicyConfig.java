package dev.xaabroker.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where the managed-connections file is. */
@ConfigMapping(prefix = "xaa.policy")
public interface PolicyConfig {

    /** The file, or a folder of files that are one policy. Without it the broker starts and answers every connect with 503 {@code policy-unavailable}. */
    Optional<Path> file();

    /**
     * How often the file, and every file that it refers to, is compared with what was loaded. A change counts once two
     * looks in a row see the same, so it bites after one to two of these, and the load.
     */
    @WithDefault("PT0.5S")
    Duration watch();

    /**
     * Whether issuers, resources and origins may be plain http on loopback ({@code localhost}, {@code 127.0.0.1},
     * {@code [::1]}). For development only.
     */
    @WithDefault("false")
    boolean allowHttpOnLoopback();
}
