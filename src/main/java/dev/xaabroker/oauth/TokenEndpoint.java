package dev.xaabroker.oauth;

import dev.xaabroker.broker.Broker;
import dev.xaabroker.grant.Client;
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
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Broker broker;
    private final ClientAuthentication authentication;
    private final RequestLimits limits;

    TokenEndpoint(Broker broker, ClientAuthentication authentication, RequestLimits limits) {
        this.broker = broker;
        this.authentication = authentication;
        this.limits = limits;
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
            return invalidClient(rejected, requestId);
        } catch (TokenRequest.UnsupportedGrant unsupported) {
            return TokenAnswer.error(OAuthError.unsupportedGrant(), requestId);
        } catch (RuntimeException broken) {
            LOG.errorf(broken, "connect broke request_id=%s", requestId);
            return TokenAnswer.error(OAuthError.broken(), requestId);
        }
    }

    private ConnectRequest request(
            String requestId, @Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        limits.request(source(http));
        if (http.query() != null && !http.query().isEmpty()) {
            throw new Failure.InvalidRequest("Parameters belong in the body, never in the query (RFC 6749 s3.2).")
                    .refusal();
        }
        String type = headers.getHeaderString("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw new Failure.InvalidRequest("Content-Type must be " + FORM + ".").refusal();
        }
        Form form = Form.parse(body == null ? "" : body);
        TokenRequest.checkGrant(form);
        Client client = authentication.authenticate(form, headers.getHeaderString("Authorization"), source(http));
        limits.authenticated(client.id());
        return TokenRequest.read(requestId, client, form, wantsFresh(headers.getHeaderString("Cache-Control")));
    }

    private static Response invalidClient(ClientRejected rejected, String requestId) {
        LOG.infof("client rejected request_id=%s detail=%s", requestId, rejected.getMessage());
        Response response = TokenAnswer.error(rejected.error(), requestId);
        return rejected.basic()
                ? Response.fromResponse(response)
                        .header("WWW-Authenticate", "Basic realm=\"xaa-broker\"")
                        .build()
                : response;
    }

    private static boolean wantsFresh(@Nullable String cacheControl) {
        return cacheControl != null
                && cacheControl.toLowerCase(Locale.ROOT).matches("(^|.*[,\\s])no-cache([,\\s].*|$)");
    }

    private static String source(HttpServerRequest http) {
        return http.remoteAddress() == null ? "unknown" : http.remoteAddress().hostAddress();
    }
}
