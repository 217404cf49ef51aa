package dev.xaabroker.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.User;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An entry as it is given out, whole: what is not known is left out. */
public final class EntryJson {

    private EntryJson() {}

    /** {@code id} and {@code writer} together are its name; {@code seq} is the link of the writer's chain that holds it. */
    public static ObjectNode of(LedgerQueries.Stored stored) {
        Entry entry = stored.entry();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("at", entry.time().toString())
                .put("id", stored.id())
                .put("writer", stored.writer())
                .put("seq", stored.seq())
                .put("requestId", entry.requestId())
                .put("tenant", entry.tenant());
        User user = entry.user();
        put(json, "user", user == null ? null : user.pseudonym());
        put(json, "client", entry.client().isEmpty() ? null : entry.client());
        put(json, "server", entry.server());
        put(json, "session", entry.sessionId());
        put(json, "rule", entry.rule());
        put(json, "revision", entry.revision());
        put(json, "asked", entry.asked());
        put(json, "granted", entry.granted());
        json.put("decision", entry.decision()).put("reason", entry.reason());
        put(json, "cache", entry.cache());
        put(json, "leg1Ms", entry.leg1());
        put(json, "leg2Ms", entry.leg2());
        put(json, "peerError", entry.peerError());
        put(json, "idJagIdHash", entry.idJagIdHash());
        put(json, "tokenFingerprint", entry.tokenFingerprint());
        json.put("weaker", entry.weaker());
        put(json, "detail", entry.detail());
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void put(ObjectNode json, String name, @Nullable Duration value) {
        if (value != null) {
            json.put(name, value.toMillis());
        }
    }
}
