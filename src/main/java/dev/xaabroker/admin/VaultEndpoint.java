package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.Vault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that stored secrets are sealed under. No key and no secret is ever in an answer. */
@Path("/admin/vault")
@Produces(MediaType.APPLICATION_JSON)
public class VaultEndpoint {

    private final Vault vault;

    VaultEndpoint(Vault vault) {
        this.vault = vault;
    }

    /** How many records are sealed under which key, and which keys may go. For all three roles. */
    @GET
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String status() {
        Vault.Status status = vault.status();
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("current", status.current())
                .put("records", status.records())
                .put("stale", status.stale())
                .put("elsewhere", status.elsewhere());
        ArrayNode keys = answer.putArray("keys");
        status.keys().forEach(key -> keys.addObject()
                .put("id", key.id())
                .put("records", key.records())
                .put("removable", key.removable()));
        status.problem().ifPresent(problem -> answer.put("problem", problem));
        return answer.toString();
    }

    /**
     * Seals the next records anew, under the current key. For security alone. Call it again with {@code after} until
     * {@code next} is absent; a rotation that stopped half-way begins again from the start and finds what is left.
     */
    @POST
    @Path("rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.SECURITY)
    @RunOnVirtualThread
    public String rotate(@Nullable String body) {
        Input input = Input.body(body).only("after", "limit");
        Optional<String> after = input.text("after");
        int limit = Parameters.limit(input.text("limit").orElse(null));
        try {
            return json(vault.rotate(after, limit)).toString();
        } catch (IllegalArgumentException notAPosition) {
            throw Problem.field("after", "must be next of an earlier answer").stop();
        }
    }

    private static ObjectNode json(Vault.Batch batch) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("current", batch.current())
                .put("rewrapped", batch.rewrapped())
                .put("passedOver", batch.passedOver());
        ArrayNode broken = answer.putArray("broken");
        batch.broken().forEach(one -> {
            ObjectNode record = broken.addObject()
                    .put("kind", one.kind())
                    .put("id", one.id())
                    .put("column", one.column());
            if (one.session() != null) {
                record.put("session", one.session());
            }
        });
        batch.next().ifPresent(next -> answer.put("next", next));
        return answer;
    }
}
