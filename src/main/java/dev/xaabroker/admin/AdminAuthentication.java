package dev.xaabroker.admin;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a token before quarkus-oidc does. The local token of an embedded broker is taken from a loopback address and from
 * nobody behind a proxy; it has every role, since whoever can read the file can read the database and its keys too.
 */
@ApplicationScoped
class AdminAuthentication implements HttpAuthenticationMechanism {

    /** The name under which its calls are logged. */
    static final String NAME = "local";

    private static final String[] PROXIED = {"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"};

    private final AdminAccess access;

    AdminAuthentication(AdminAccess access) {
        this.access = access;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String presented = Bearer.of(context.request().getHeader("Authorization"));
        if (presented == null) {
            return Uni.createFrom().nullItem();
        }
        return switch (access.way()) {
            case AdminAccess.Way.Local(LocalToken token) -> local(token, presented, context.request());
            case AdminAccess.Way.EnterpriseIdp idp ->
                JwtForm.isSignedJwt(presented)
                        ? Uni.createFrom().nullItem()
                        : Uni.createFrom().failure(NotLetIn.because("not a signed JWT"));
            case AdminAccess.Way.Closed closed -> Uni.createFrom().nullItem();
        };
    }

    private static Uni<SecurityIdentity> local(LocalToken token, String presented, HttpServerRequest request) {
        if (!isFromHere(request)) {
            return Uni.createFrom()
                    .failure(NotLetIn.because("the local token is taken from this machine only, and from no proxy"));
        }
        if (!token.matches(presented)) {
            return Uni.createFrom().failure(NotLetIn.because("this is not the local token"));
        }
        return Uni.createFrom()
                .item(QuarkusSecurityIdentity.builder()
                        .setPrincipal(new QuarkusPrincipal(NAME))
                        .addRoles(Role.ALL)
                        .build());
    }

    /** The peer of the connection itself: no header can say otherwise. */
    private static boolean isFromHere(HttpServerRequest request) {
        for (String header : PROXIED) {
            if (request.headers().contains(header)) {
                return false;
            }
        }
        return isLoopback(request.connection().remoteAddress());
    }

    private static boolean isLoopback(@Nullable SocketAddress peer) {
        try {
            return peer != null
                    && peer.hostAddress() != null
                    && InetAddress.getByName(peer.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    /** Not used: {@link AdminProblems} writes every refusal of this face. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 10;
    }
}
