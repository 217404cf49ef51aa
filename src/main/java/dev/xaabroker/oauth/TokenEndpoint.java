package dev.xaabroker.oauth;

import dev.xaabroker.broker.Broker;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code POST /oauth2/token}: the one call that takes an MCP client to an MCP server (RFC 8693; PRODUCT.md). */
@Path("/oauth2/token")
public class TokenEndpoint {

    private static final Logger LOG = Logger.getLogger(TokenEndpoint.class);

    private final Broker broker;
    private final ClientForms forms;

    TokenEndpoint(Broker broker, ClientForms forms) {
        this.broker = broker;
        this.forms = forms;
    }

    /** Anything but POST (RULES A1). */
    @GET
    public Response get() {
        OAuthError error = OAuthError.of(new Failure.InvalidRequest("The token endpoint takes POST only."));
        return Response.fromResponse(TokenAnswer.error(error, UUID.randomUUID().toString()))
                .status(405)
                .header("Allow", "POST")
                .build();
    }

    @POST
    @RunOnVirtualThread
    public Response token(@Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        String requestId = UUID.randomUUID().toString();
        try {
            return TokenAnswer.connected(broker.connect(request(requestId, body, headers, http)), requestId);
        } catch (Refusal refusal) {
            OAuthError error = OAuthError.of(refusal.failure());
            LOG.infof(
                    "refused error=%s reason=%s request_id=%s detail=%s",
                    error.error(), error.reason(), requestId, refusal.failure().detail());
            return TokenAnswer.error(error, requestId);
        } catch (ClientRejected rejected) {
            return ClientForms.rejected(rejected, requestId);
        } catch (TokenRequest.UnsupportedGrant unsupported) {
            return TokenAnswer.error(OAuthError.unsupportedGrant(), requestId);
        } catch (RuntimeException broken) {
            LOG.errorf(broken, "connect broke request_id=%s", requestId);
            return TokenAnswer.error(OAuthError.broken(), requestId);
        }
    }

    private ConnectRequest request(
            String requestId, @Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        ClientForms.Received received = forms.read(body, headers, http, TokenRequest::checkGrant);
        return TokenRequest.read(
                requestId, received.client(), received.form(), wantsFresh(headers.getHeaderString("Cache-Control")));
    }

    private static boolean wantsFresh(@Nullable String cacheControl) {
        return cacheControl != null
                && cacheControl.toLowerCase(Locale.ROOT).matches("(^|.*[,\\s])no-cache([,\\s].*|$)");
    }
}
