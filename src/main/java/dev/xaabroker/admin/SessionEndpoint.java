package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.SessionDesk;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who has a session, and the end of one. */
@Path("/admin/sessions")
@Produces(MediaType.APPLICATION_JSON)
public class SessionEndpoint {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,43}");

    private final SessionDesk desk;
    private final People people;

    SessionEndpoint(SessionDesk desk, People people) {
        this.desk = desk;
        this.people = people;
    }

    /**
     * Sessions, newest first. For all three roles: users are pseudonyms, and nothing is shown that opens anything.
     *
     * @param user a pseudonym, as ledger and sessions show it
     * @param subject the user's {@code sub} at the IdP called {@code idp}, in place of {@code user}
     * @param all {@code true} to list those that are over too
     * @param limit from 1 to 1000; 100 when absent
     */
    @GET
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String list(
            @QueryParam("user") @Nullable String user,
            @QueryParam("idp") @Nullable String idp,
            @QueryParam("subject") @Nullable String subject,
            @QueryParam("client") @Nullable String client,
            @QueryParam("all") @Nullable String all,
            @QueryParam("limit") @Nullable String limit) {
        Optional<String> whose =
                people.pseudonym(Optional.ofNullable(user), Optional.ofNullable(idp), Optional.ofNullable(subject));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode sessions = answer.putArray("sessions");
        desk.list(
                        people.tenant(),
                        whose,
                        Optional.ofNullable(client),
                        Parameters.flag("all", all),
                        Parameters.limit(limit))
                .forEach(session -> sessions.add(SessionJson.of(session)));
        return answer.toString();
    }

    /** One session. For all three roles. */
    @GET
    @Path("{id}")
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String show(@PathParam("id") String id) {
        return desk.find(people.tenant(), checked(id))
                .map(session -> SessionJson.of(session).toString())
                .orElseThrow(() -> unknown().stop());
    }

    /**
     * Ends a session, durably and on every replica, before it answers. For security alone. It tells the IdP nothing: the user
     * may log in anew.
     */
    @POST
    @Path("{id}/end")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.SECURITY)
    @RunOnVirtualThread
    public String end(@PathParam("id") String id, @Nullable String body, @Context ContainerRequestContext call) {
        String reason = Reasons.checked(Input.body(body).only("reason").required("reason"));
        return desk.end(people.tenant(), checked(id), reason, AdminCalls.caller(call), AdminCalls.requestId(call))
                .map(session -> SessionJson.of(session).toString())
                .orElseThrow(() -> unknown().stop());
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw Problem.field("id", "a session's id has at most 43 letters, digits, - and _")
                    .stop();
        }
        return id;
    }

    private static Problem unknown() {
        return Problem.of(
                404,
                "session-unknown",
                "No such session",
                "There is no session of this id, or it ended so long ago that it was swept away. GET /admin/sessions?all=true"
                        + " lists those there are.");
    }
}
