package dev.xaabroker.outbound;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** How requests leave the broker. Time-outs, limits and {@code network} stand with each peer in the policy file. */
@ConfigMapping(prefix = "xaa.outbound")
public interface OutboundConfig {

    /** Opens loopback addresses, and plain http on them. For development only: it is logged loudly (RULES K1). */
    @WithDefault("false")
    boolean development();

    /** A PEM bundle of certificates to trust in addition to the JDK's roots, for peers behind a private authority. */
    Optional<Path> trustCertificates();
}
