package dev.xaabroker.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Where the managed-connections file is. */
@ConfigMapping(prefix = "xaa.policy")
public interface PolicyConfig {

    /** The file. Without it the broker starts and answers every connect with 503 {@code policy-unavailable}. */
    Optional<Path> file();

    /**
     * Whether issuers, resources and origins may be plain http on loopback ({@code localhost}, {@code 127.0.0.1},
     * {@code [::1]}). For development only.
     */
    @WithDefault("false")
    boolean allowHttpOnLoopback();
}
