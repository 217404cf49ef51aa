package dev.xaabroker.oauth;

import dev.xaabroker.broker.ReturnDesk;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /oauth2/revoke} (RFC 7009): a client gives back a handle, a refresh token that it handed over, or an access token.
 * Whatever the token is, the answer is 200, so that nobody learns from it whose it was; {@code token_type_hint} is not needed.
 */
@Path("/oauth2/revoke")
public class RevocationEndpoint {

    private static final Logger LOG = Logger.getLogger(RevocationEndpoint.class);

    private final ReturnDesk desk;
    private final ClientForms forms;

    RevocationEndpoint(ReturnDesk desk, ClientForms forms) {
        this.desk = desk;
        this.forms = forms;
    }

    @POST
    @RunOnVirtualThread
    public Response revoke(@Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        String requestId = UUID.randomUUID().toString();
        try {
            ClientForms.Received received = forms.read(body, headers, http, form -> {});
            desk.take(received.client(), Secret.of(received.form().require("token")), requestId);
            return Response.ok()
                    .header("Cache-Control", "no-store")
                    .header("X-Request-Id", requestId)
                    .build();
        } catch (Refusal refusal) {
            OAuthError error = OAuthError.of(refusal.failure());
            LOG.infof(
                    "not revoked error=%s reason=%s request_id=%s detail=%s",
                    error.error(), error.reason(), requestId, refusal.failure().detail());
            return TokenAnswer.error(error, requestId);
        } catch (ClientRejected rejected) {
            return ClientForms.rejected(rejected, requestId);
        } catch (RuntimeException broken) {
            LOG.errorf(broken, "revocation broke request_id=%s", requestId);
            return TokenAnswer.error(OAuthError.broken(), requestId);
        }
    }
}
