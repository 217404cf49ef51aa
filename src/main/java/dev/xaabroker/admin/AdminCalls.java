package dev.xaabroker.admin;

import dev.xaabroker.keys.KeyedHash;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Every call to the admin face gets an id and a line in the log: who, in which role, what, and how it ended. */
class AdminCalls {

    private static final Logger LOG = Logger.getLogger(AdminCalls.class);
    private static final String REQUEST_ID = "xaa.admin.request-id";
    private static final String CALLER = "xaa.admin.caller";
    private static final int FIRST_ERROR = 400;

    private final KeyedHash hash;
    private final CurrentIdentityAssociation identity;

    AdminCalls(KeyedHash hash, CurrentIdentityAssociation identity) {
        this.hash = hash;
        this.identity = identity;
    }

    @ServerRequestFilter(preMatching = true)
    void name(ContainerRequestContext call) {
        if (isAdmin(call)) {
            call.setProperty(REQUEST_ID, UUID.randomUUID().toString());
        }
    }

    /** Runs when the roles were found sufficient. */
    @ServerRequestFilter
    void remember(ContainerRequestContext call) {
        if (isAdmin(call)) {
            call.setProperty(CALLER, caller(identity.getIdentity()));
        }
    }

    @ServerResponseFilter
    void finish(ContainerRequestContext call, ContainerResponseContext answer) {
        if (!isAdmin(call)) {
            return;
        }
        String requestId = requestId(call);
        if (answer.getStatus() >= FIRST_ERROR && !answer.hasEntity()) {
            answer.setEntity(unexplained(answer.getStatus()).json(requestId).toString(), null, Problem.TYPE);
        }
        answer.getHeaders().putSingle("X-Request-Id", requestId);
        answer.getHeaders().putSingle("Cache-Control", "no-store");
        answer.getHeaders().putSingle("X-Content-Type-Options", "nosniff");
        LOG.infof(
                "admin call method=%s path=%s status=%d %s request_id=%s",
                call.getMethod(), printable(call.getUriInfo().getPath()), answer.getStatus(), caller(call), requestId);
    }

    static String requestId(ContainerRequestContext call) {
        Object id = call.getProperty(REQUEST_ID);
        return id == null ? UUID.randomUUID().toString() : id.toString();
    }

    /** Who calls, as the log names them, for whoever must write it down elsewhere too. */
    static String caller(ContainerRequestContext call) {
        Object caller = call.getProperty(CALLER);
        return caller == null ? "who=unknown" : caller.toString();
    }

    private static boolean isAdmin(ContainerRequestContext call) {
        String path = call.getUriInfo().getPath();
        return path.equals("/admin") || path.startsWith("/admin/");
    }

    private String caller(SecurityIdentity caller) {
        String who = caller.getPrincipal() instanceof JsonWebToken token
                ? hash.of("admin-caller", String.valueOf(token.getIssuer()), String.valueOf(token.getSubject()))
                : caller.getPrincipal().getName();
        return "who=" + who + " role=" + String.join(",", new TreeSet<>(caller.getRoles()));
    }

    /** What the framework refused before any code of ours ran. */
    private static Problem unexplained(int status) {
        return switch (status) {
            case 404 -> Problem.of(404, "not-found", "No such resource", "See /q/openapi for what there is.");
            case 405 -> Problem.of(405, "method-not-allowed", "Wrong method", "See the header Allow, and /q/openapi.");
            case 406 -> Problem.of(406, "not-acceptable", "No such representation", "Send Accept: application/json.");
            case 415 ->
                Problem.of(415, "unsupported-media-type", "Wrong media type", "Send Content-Type: application/json.");
            default ->
                Problem.of(status, "failed", "The call failed", "The request id finds the cause in the broker's log.");
        };
    }

    /** A path as sent, without what could forge a line of the log. */
    private static String printable(@Nullable String path) {
        String text = path == null ? "" : path;
        return text.substring(0, Math.min(200, text.length())).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
