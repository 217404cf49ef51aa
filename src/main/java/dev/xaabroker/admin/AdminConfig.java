package dev.xaabroker.admin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Who may use the admin face. Without {@code issuer} and {@code audience} no token of an IdP opens it. */
@ConfigMapping(prefix = "xaa.admin")
public interface AdminConfig {

    /** The enterprise IdP that issues access tokens for the admin face: its issuer identifier, byte for byte. */
    Optional<String> issuer();

    /** The one value of {@code aud} in those tokens: the name under which the IdP knows the admin face. */
    Optional<String> audience();

    /**
     * The header {@code typ} of those tokens: {@code at+jwt} (RFC 9068), or {@code jwt} for an IdP that does not say it. Such
     * an IdP must not issue ID tokens for {@link #audience()}: nothing but their claims tells them apart.
     */
    @WithDefault("at+jwt")
    String tokenType();

    /** Where in the token the roles stand, with a slash between names: {@code roles}, {@code realm_access/roles}. */
    @WithDefault("roles")
    String rolesClaim();

    /** What the IdP calls each role. */
    Roles roles();

    /** The name of a {@code quarkus.tls.*} configuration for calls to the IdP, when it is behind a private authority. */
    Optional<String> tlsConfiguration();

    /** How long the IdP may take to answer with its metadata or its keys. */
    @WithDefault("PT3S")
    java.time.Duration timeout();

    /** Where the local token of an embedded broker is kept; {@code admin.token} beside the key file when not set. */
    Optional<Path> localTokenFile();

    /** Whether the issuer may be plain http on loopback. For development only. */
    @WithDefault("false")
    boolean allowHttpOnLoopback();

    /** The IdP's names for the roles of the admin face. */
    interface Roles {

        @WithDefault(Role.SECURITY)
        String security();

        @WithDefault(Role.IT)
        String it();

        @WithDefault(Role.AUDITOR)
        String auditor();
    }
}
