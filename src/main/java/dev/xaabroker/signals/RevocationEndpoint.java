package dev.xaabroker.signals;

import dev.xaabroker.broker.RevocationRequests;
import dev.xaabroker.broker.SignalDesk;
import dev.xaabroker.broker.SubjectIdentifiers;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signals.Way;
import dev.xaabroker.keys.JwtRejected;
import dev.xaabroker.keys.RevocationRequestVerifier.RevocationRequestClaims;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /signals/revocation/IDP}: all of a user's logins are over (draft-parecki-oauth-global-token-revocation; Okta's
 * Universal Logout; RULES H11). 204 when done, 404 for a user who was never here.
 */
@Path("/signals/revocation/{idp}")
public class RevocationEndpoint {

    private static final String SCHEME = "Bearer ";

    private final Door door;
    private final RevocationRequests requests;

    RevocationEndpoint(Door door, RevocationRequests requests) {
        this.door = door;
        this.requests = requests;
    }

    @POST
    @RunOnVirtualThread
    public Response revoke(
            @PathParam("idp") String idp, @Nullable String body, HttpHeaders headers, HttpServerRequest http) {
        return door.let(idp, Way.GLOBAL_TOKEN_REVOCATION, Door.Words.OAUTH, http, (entry, requestId) -> {
            RevocationRequestClaims caller = authenticate(entry, headers.getHeaderString("Authorization"));
            String type = headers.getHeaderString("Content-Type");
            return revoke(entry, caller, RevocationBody.subject(type, body == null ? "" : body), requestId);
        });
    }

    private RevocationRequestClaims authenticate(IdentityProviderEntry idp, @Nullable String authorization) {
        if (authorization == null
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || authorization.substring(SCHEME.length()).isBlank()) {
            throw notAuthenticated("A bearer token that the identity provider signed is needed.");
        }
        try {
            return requests.authenticate(
                    idp, Secret.of(authorization.substring(SCHEME.length()).strip()));
        } catch (JwtRejected rejected) {
            if (rejected.part() == JwtRejected.Part.AUDIENCE) {
                throw Problem.of(
                                Problem.FORBIDDEN, "access_denied", "The bearer token is for somebody else: claim aud.")
                        .stop();
            }
            throw notAuthenticated("The bearer token: " + rejected.getMessage());
        }
    }

    private static Problem.Stopped notAuthenticated(String why) {
        return Problem.of(Problem.NOT_AUTHENTICATED, "invalid_token", why).stop();
    }

    private Response revoke(
            IdentityProviderEntry idp, RevocationRequestClaims caller, Map<String, Object> subject, String requestId) {
        SignalDesk.Outcome outcome;
        try {
            outcome = requests.revoke(idp, caller, subject, requestId);
        } catch (SubjectIdentifiers.Malformed malformed) {
            throw Problem.malformed(String.valueOf(malformed.getMessage())).stop();
        }
        return switch (outcome) {
            case ENDED, DUPLICATE ->
                Response.noContent().header("X-Request-Id", requestId).build();
            case UNKNOWN_USER ->
                throw Problem.of(Problem.NOT_FOUND, "user_not_found", "Nobody of that name was here.")
                        .stop();
        };
    }
}
