package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.KillDesk;
import dev.xaabroker.grant.Kill;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The broker's own switch: what is shut stays shut until it is opened, whatever the policy file says. */
@Path("/admin/kills")
@Produces(MediaType.APPLICATION_JSON)
public class KillEndpoint {

    private static final int LONGEST_NAME = 2000;

    private final KillDesk desk;
    private final ManagedConnections connections;
    private final People people;
    private final Clock clock;

    KillEndpoint(KillDesk desk, ManagedConnections connections, People people, Clock clock) {
        this.desk = desk;
        this.connections = connections;
        this.people = people;
        this.clock = clock;
    }

    /** What is shut, the oldest first. For all three roles. */
    @GET
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String list() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode kills = answer.putArray("kills");
        desk.list(connections.current().tenant()).forEach(kill -> kills.add(json(kill)));
        return answer.toString();
    }

    /** Shuts a user, client, server or connection, durably and on every replica, before it answers. For security alone. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.SECURITY)
    @RunOnVirtualThread
    public String shut(@Nullable String body, @Context ContainerRequestContext call) {
        Input input = Input.body(body).only("kind", "name", "idp", "subject", "reason", "for");
        Instant now = clock.instant();
        Optional<Duration> time = input.duration("for");
        if (time.filter(Duration::isZero).isPresent()) {
            throw Problem.field("for", "no time at all; leave it out to shut it until it is reopened")
                    .stop();
        }
        Kill kill = read(input, call, time.map(now::plus).orElse(null));
        if (!isThere(kill)) {
            // A misspelt name would look like something that is shut.
            throw Problem.field(
                            "name",
                            "the policy in force has no such " + kill.kind().word())
                    .stop();
        }
        desk.shut(kill, AdminCalls.requestId(call));
        return json(kill).toString();
    }

    /** Opens it again. For security alone. */
    @POST
    @Path("reopen")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.SECURITY)
    @RunOnVirtualThread
    public String reopen(@Nullable String body, @Context ContainerRequestContext call) {
        Kill kill = read(Input.body(body).only("kind", "name", "idp", "subject", "reason"), call, null);
        if (!desk.open(kill, AdminCalls.requestId(call))) {
            throw Problem.of(404, "not-shut", "It is not shut", "GET /admin/kills lists what is.")
                    .stop();
        }
        return json(kill).toString();
    }

    private Kill read(Input input, ContainerRequestContext call, @Nullable Instant until) {
        Kill.Kind kind = kind(input.required("kind"));
        String name = kind == Kill.Kind.USER
                ? people.pseudonym(input.text("name"), input.text("idp"), input.text("subject"))
                        .orElseThrow(() -> Problem.field("name", "missing; or give idp and subject")
                                .stop())
                : input.required("name");
        if (name.length() > LONGEST_NAME
                || (kind != Kill.Kind.USER
                        && (input.text("idp").isPresent()
                                || input.text("subject").isPresent()))) {
            throw Problem.field("name", "must have at most 2000 characters; idp and subject are for users")
                    .stop();
        }
        return new Kill(
                connections.current().tenant(),
                kind,
                name,
                Reasons.checked(input.required("reason")),
                AdminCalls.caller(call),
                clock.instant(),
                until);
    }

    /** Of users nobody keeps a list. */
    private boolean isThere(Kill kill) {
        Policy policy = connections.current();
        return switch (kill.kind()) {
            case USER -> true;
            case CLIENT -> policy.client(kill.name()).isPresent();
            case SERVER ->
                policy.servers().stream().anyMatch(server -> server.name().equals(kill.name()));
            case CONNECTION -> policy.hasConnection(kill.name());
        };
    }

    private static Kill.Kind kind(String word) {
        return Arrays.stream(Kill.Kind.values())
                .filter(kind -> kind.word().equals(word))
                .findAny()
                .orElseThrow(() -> Problem.field(
                                "kind",
                                "must be one of "
                                        + Arrays.stream(Kill.Kind.values())
                                                .map(Kill.Kind::word)
                                                .collect(Collectors.joining(", ")))
                        .stop());
    }

    private static ObjectNode json(Kill kill) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", kill.kind().word())
                .put("name", kill.name())
                .put("reason", kill.reason())
                .put("by", kill.by())
                .put("at", kill.at().toString());
        if (kill.until() != null) {
            json.put("until", kill.until().toString());
        }
        return json;
    }
}
