package dev.xaabroker.signals;

import dev.xaabroker.broker.SecurityEvents;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signals.Way;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /signals/ssf/IDP}: one Security Event Token by push (RFC 8935; RULES H5, H6). 202 without a body once what it
 * says is done, durably; a SET that came before is acknowledged like the first.
 */
@Path("/signals/ssf/{idp}")
public class SecurityEventEndpoint {

    private static final String TYPE = "application/secevent+jwt";

    private final Door door;
    private final SecurityEvents events;

    SecurityEventEndpoint(Door door, SecurityEvents events) {
        this.door = door;
        this.events = events;
    }

    @POST
    @RunOnVirtualThread
    public Response push(
            @PathParam("idp") String idp, @Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        return door.let(idp, Way.SSF, Door.Words.RFC_8935, http, (entry, requestId) -> {
            checkAgreed(entry, headers.getHeaderString("Authorization"));
            String type = headers.getHeaderString("Content-Type");
            if (type == null
                    || !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(TYPE)) {
                throw Problem.malformed("Content-Type must be " + TYPE + ".").stop();
            }
            if (body == null || body.isBlank()) {
                throw Problem.malformed("The body is empty; it must be one SET.")
                        .stop();
            }
            return answer(events.receive(entry, Secret.of(body.strip()), requestId), requestId);
        });
    }

    /** {@link Secret#equals} takes the same time wherever the two differ (RULES K6). */
    private static void checkAgreed(IdentityProviderEntry idp, @Nullable String authorization) {
        Secret agreed = idp.signals().ssf().authorization();
        if (agreed != null
                && (authorization == null || authorization.isEmpty() || !agreed.equals(Secret.of(authorization)))) {
            throw Problem.of(
                            Problem.NOT_AUTHENTICATED,
                            "authentication_failed",
                            "The Authorization header is not the one that was agreed on.")
                    .stop();
        }
    }

    private static Response answer(SecurityEvents.Result result, String requestId) {
        return switch (result) {
            case SecurityEvents.Result.Accepted accepted ->
                Response.accepted().header("X-Request-Id", requestId).build();
            case SecurityEvents.Result.Rejected(String code, String description) ->
                throw Problem.of(Problem.BAD_REQUEST, code, description).stop();
        };
    }
}
