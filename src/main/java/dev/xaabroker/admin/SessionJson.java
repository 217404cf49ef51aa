package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.SessionSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session as JSON. */
final class SessionJson {

    private SessionJson() {}

    static ObjectNode of(SessionSummary session) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("id", session.id()).put("tenant", session.tenant());
        if (session.user() != null) {
            json.put("user", session.user());
        }
        json.put("client", session.client())
                .put("identityProvider", session.identityProvider())
                .put("status", session.status())
                .put("began", session.began().toString());
        time(json, "provenAt", session.provenAt());
        json.put("expires", session.expires().toString())
                .put("inDoubt", session.inDoubt())
                .put("handles", session.handles());
        time(json, "endedAt", session.endedAt());
        if (session.endCause() != null) {
            json.put("endCause", session.endCause());
        }
        return json;
    }

    private static void time(ObjectNode json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.toString());
        }
    }
}
