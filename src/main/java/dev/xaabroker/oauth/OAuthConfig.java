package dev.xaabroker.oauth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The face towards MCP clients. */
@ConfigMapping(prefix = "xaa.oauth")
public interface OAuthConfig {

    /** The broker's issuer identifier, byte for byte as clients use it in {@code aud} (RFC 8414 s2). */
    String issuer();

    /** Token requests per minute that one client may make. */
    @WithDefault("6000")
    int requestsPerClientPerMinute();

    /** Token requests per minute that one source address may make. */
    @WithDefault("6000")
    int requestsPerSourcePerMinute();

    /**
     * Failed authentications per minute of one client id, registered or not, from one source address, before further ones are
     * refused.
     */
    @WithDefault("60")
    int failuresPerSourcePerMinute();
}
