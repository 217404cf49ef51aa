package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.KillDesk;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.policy.PolicyHistory;
import dev.xaabroker.policy.Revision;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why the policy in force decides as it does, and which policies were in force before it. */
@Path("/admin/policy")
@Produces(MediaType.APPLICATION_JSON)
public class PolicyEndpoint {

    private static final Pattern REVISION = Pattern.compile("[0-9a-f]{64}");

    private final ManagedConnections connections;
    private final PolicyHistory history;
    private final KillDesk kills;
    private final Clock clock;

    PolicyEndpoint(ManagedConnections connections, PolicyHistory history, KillDesk kills, Clock clock) {
        this.connections = connections;
        this.history = history;
        this.kills = kills;
        this.clock = clock;
    }

    /**
     * What the policy in force says to a made-up request, with every step. For IT, security and auditors alike: it reveals
     * nothing that the file, and the list of what security has shut, do not say.
     */
    @POST
    @Path("explain")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String explain(@Nullable String body) {
        Question question = Question.read(Input.body(body), clock.instant());
        Policy policy = connections.current();
        Policy.Query query = question.query(policy).under(kills.inForce(policy.tenant()));
        return ExplanationJson.of(policy.revision(), policy.explain(query, question.user()))
                .toString();
    }

    /**
     * The policies that were in force, newest first. For all three roles.
     *
     * @param limit from 1 to 1000; 100 when absent
     */
    @GET
    @Path("history")
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String history(@QueryParam("limit") @Nullable String limit) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode revisions = answer.putArray("revisions");
        history.revisions(Parameters.limit(limit)).forEach(revision -> revisions.add(json(revision)));
        return answer.toString();
    }

    /**
     * The canonical content of one of them, of which the revision is the SHA-256. For all three roles: it holds references
     * to secrets, never a secret.
     */
    @GET
    @Path("history/{revision}")
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String content(@PathParam("revision") String revision) {
        if (!REVISION.matcher(revision).matches()) {
            throw Problem.field("revision", "must be 64 hexadecimal digits, lower case")
                    .stop();
        }
        String content = history.content(revision).orElseThrow(() -> Problem.of(
                        404,
                        "revision-unknown",
                        "No such revision",
                        "No policy of this revision was ever in force here. GET /admin/policy/history lists"
                                + " those that were.")
                .stop());
        return JsonNodeFactory.instance
                .objectNode()
                .put("revision", revision)
                .put("content", content)
                .toString();
    }

    private static ObjectNode json(Revision revision) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("revision", revision.revision())
                .put("tenant", revision.tenant())
                .put("loadedAt", revision.loadedAt().toString())
                .put("loadedBy", revision.loadedBy())
                .put("file", revision.file());
    }
}
