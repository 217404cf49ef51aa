package dev.xaabroker.signals;

import dev.xaabroker.broker.LogoutTokens;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signals.Way;
import dev.xaabroker.keys.JwtRejected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /signals/backchannel-logout/IDP} (OIDC Back-Channel Logout 1.0 s2.5 to s2.8; RULES H3, H4): 200 when it is done
 * or was done before, 400 when the token is no good.
 */
@Path("/signals/backchannel-logout/{idp}")
public class BackchannelLogoutEndpoint {

    private final Door door;
    private final LogoutTokens tokens;

    BackchannelLogoutEndpoint(Door door, LogoutTokens tokens) {
        this.door = door;
        this.tokens = tokens;
    }

    @POST
    @RunOnVirtualThread
    public Response logout(
            @PathParam("idp") String idp, @Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        return door.let(idp, Way.BACKCHANNEL_LOGOUT, Door.Words.OAUTH, http, (entry, requestId) -> {
            Secret token = LogoutForm.token(headers.getHeaderString("Content-Type"), body == null ? "" : body);
            return take(entry, token, requestId);
        });
    }

    private Response take(IdentityProviderEntry idp, Secret token, String requestId) {
        try {
            tokens.receive(idp, token, requestId);
        } catch (JwtRejected rejected) {
            throw Problem.malformed(String.valueOf(rejected.getMessage())).stop();
        }
        return Response.ok().header("X-Request-Id", requestId).build();
    }
}
