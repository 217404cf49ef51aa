package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.User;
import dev.xaabroker.ledger.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One connect of the ledger as the admin face sends it. What is not known is left out. */
final class RequestJson {

    private RequestJson() {}

    /**
     * {@code claims} says where the user's claims come from: {@code last-known}, from the session's last proof, which may be
     * newer than the request; or {@code unknown}, when there was no session or it is over.
     */
    static ObjectNode of(Entry entry, Optional<Identity> identity) {
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("at", entry.time().toString())
                .put("requestId", entry.requestId());
        User user = entry.user();
        put(request, "user", user == null ? null : user.pseudonym());
        request.put("client", entry.client());
        put(request, "server", entry.server());
        list(request, "asked", entry.asked(), " ");
        list(request, "granted", entry.granted(), " ");
        request.put("decision", entry.decision()).put("reason", entry.reason());
        list(request, "connections", entry.rule(), ",");
        put(request, "revision", entry.revision());
        Optional<Identity> told = identity.filter(Identity::claimsKnown);
        request.put("claims", told.isPresent() ? "last-known" : "unknown");
        told.ifPresent(known -> claims(request, known));
        return request;
    }

    private static void claims(ObjectNode request, Identity known) {
        ArrayNode groups = request.putArray("groups");
        new TreeSet<>(known.groups()).forEach(groups::add);
        ObjectNode attributes = request.putObject("attributes");
        new TreeMap<>(known.attributes()).forEach((name, values) -> {
            ArrayNode array = attributes.putArray(name);
            values.forEach(array::add);
        });
        put(request, "acr", known.acr());
        Instant authTime = known.authTime();
        put(request, "authTime", authTime == null ? null : authTime.toString());
    }

    private static void put(ObjectNode object, String name, @Nullable String value) {
        if (value != null) {
            object.put(name, value);
        }
    }

    private static void list(ObjectNode object, String name, @Nullable String values, String separator) {
        if (values != null) {
            ArrayNode array = object.putArray(name);
            (values.isEmpty() ? List.<String>of() : List.of(values.split(separator, -1))).forEach(array::add);
        }
    }
}
