package dev.xaabroker.keys;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where the key ring comes from, and how far clocks may differ. */
@ConfigMapping(prefix = "xaa.keys")
public interface KeysConfig {

    /** A key file to read. It must exist, and nobody but its owner and group may read it. */
    Optional<Path> file();

    /** The content of a key file, for containers that get their secrets as environment variables. */
    Optional<String> json();

    /** The key file of a broker that was given neither: created at the first start, outside the database folder. */
    @WithDefault("${user.home}/.xaa-broker/keys.json")
    Path embeddedFile();

    /**
     * How often the key file is compared with the ring in force; at least 50 ms. A key that a record needs and the ring
     * lacks is looked for at once.
     */
    @WithDefault("PT1S")
    Duration watch();

    /** How far a peer's clock may differ from ours; 60 s at most (RULES K4). */
    @WithDefault("PT30S")
    Duration clockSkew();
}
