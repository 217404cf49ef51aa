package dev.xaabroker.oauth;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The form of an authenticated client, as the endpoints of this face take it (RFC 6749 s2.3, s3.2). */
@ApplicationScoped
class ClientForms {

    private static final Logger LOG = Logger.getLogger(ClientForms.class);
    private static final String FORM = "application/x-www-form-urlencoded";

    private final ClientAuthentication authentication;
    private final RequestLimits limits;

    ClientForms(ClientAuthentication authentication, RequestLimits limits) {
        this.authentication = authentication;
        this.limits = limits;
    }

    /** What was sent, and by whom. */
    record Received(Form form, Client client) {}

    /**
     * Reads a request within its limits.
     *
     * @param check looks at the form before the client is authenticated
     * @throws ClientRejected when the client did not prove itself
     * @throws dev.xaabroker.grant.Refusal InvalidRequest or TooMany
     */
    Received read(@Nullable String body, HttpHeaders headers, HttpServerRequest http, Consumer<Form> check) {
        String source =
                http.remoteAddress() == null ? "unknown" : http.remoteAddress().hostAddress();
        limits.request(source);
        if (http.query() != null && !http.query().isEmpty()) {
            throw new Failure.InvalidRequest("Parameters belong in the body, never in the query (RFC 6749 s3.2).")
                    .refusal();
        }
        String type = headers.getHeaderString("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw new Failure.InvalidRequest("Content-Type must be " + FORM + ".").refusal();
        }
        Form form = Form.parse(body == null ? "" : body);
        check.accept(form);
        Client client = authentication.authenticate(form, headers.getHeaderString("Authorization"), source);
        limits.authenticated(client.id());
        return new Received(form, client);
    }

    /** The answer to a client that did not prove itself. */
    static Response rejected(ClientRejected rejected, String requestId) {
        LOG.infof("client rejected request_id=%s detail=%s", requestId, rejected.getMessage());
        Response response = TokenAnswer.error(rejected.error(), requestId);
        return rejected.basic()
                ? Response.fromResponse(response)
                        .header("WWW-Authenticate", "Basic realm=\"xaa-broker\"")
                        .build()
                : response;
    }
}
