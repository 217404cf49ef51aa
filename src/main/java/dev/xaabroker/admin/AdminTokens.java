package dev.xaabroker.admin;

import dev.xaabroker.keys.KeysConfig;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of the enterprise IdP for the admin face, verified by quarkus-oidc: signature with the IdP's published
 * keys, {@code iss}, {@code aud}, {@code exp}; {@link AdminTokenRules} adds the rest. The IdP is first called by the first
 * token, so that the broker starts without it.
 */
@ApplicationScoped
class AdminTokens implements TenantConfigResolver {

    /** The name of the one configuration that quarkus-oidc gets from us. */
    static final String TENANT = "xaa-admin";

    private static final Set<String> TYPES = Set.of("at+jwt", "jwt");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration KEYS_AT_MOST_EVERY = Duration.ofMinutes(1);

    private final AdminAccess access;
    private final AdminConfig config;
    private final Duration clockSkew;
    private volatile @Nullable OidcTenantConfig tenant;

    AdminTokens(AdminAccess access, AdminConfig config, KeysConfig keys) {
        this.access = access;
        this.config = config;
        this.clockSkew = keys.clockSkew();
    }

    /** The same object each time: another one would make quarkus-oidc set everything up anew. */
    @Override
    public Uni<@Nullable OidcTenantConfig> resolve(
            RoutingContext context, OidcRequestContext<OidcTenantConfig> requestContext) {
        if (tenant == null && access.way() instanceof AdminAccess.Way.EnterpriseIdp idp) {
            tenant = configure(idp);
        }
        return Uni.createFrom().item(tenant);
    }

    private OidcTenantConfig configure(AdminAccess.Way.EnterpriseIdp idp) {
        var builder = OidcTenantConfig.authServerUrl(idp.issuer())
                .tenantId(TENANT)
                .applicationType(ApplicationType.SERVICE)
                .clientId(idp.audience())
                .connectionTimeout(config.timeout())
                .followRedirects(false)
                .roles()
                .roleClaimPath(config.rolesClaim())
                .end()
                .token()
                .issuer(idp.issuer())
                .audience(idp.audience())
                .subjectRequired()
                .lifespanGrace(Math.toIntExact(clockSkew.toSeconds()))
                .allowJwtIntrospection(false)
                .allowOpaqueTokenIntrospection(false)
                .forcedJwkRefreshInterval(KEYS_AT_MOST_EVERY)
                .end();
        config.tlsConfiguration().ifPresent(builder::tlsConfigurationName);
        return builder.build();
    }

    /** Requires https, or plain http on loopback where development allows it. */
    static void checkIssuer(String issuer, boolean httpOnLoopback) {
        URI uri;
        try {
            uri = URI.create(issuer);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalStateException("xaa.admin.issuer is not a URL.");
        }
        boolean local =
                httpOnLoopback && "http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost()));
        if (uri.getHost() == null || !("https".equals(uri.getScheme()) || local)) {
            throw new IllegalStateException("xaa.admin.issuer must be an https URL: " + issuer);
        }
    }

    static void checkType(String type) {
        if (!TYPES.contains(type.toLowerCase(Locale.ROOT))) {
            throw new IllegalStateException("xaa.admin.token-type must be at+jwt (RFC 9068) or jwt, not " + type);
        }
    }
}
