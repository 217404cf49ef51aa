package dev.xaabroker.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entry as an event of the Open Cybersecurity Schema Framework, 1.3.0 (ADR 23). What the schema has no word for stands under
 * {@code unmapped}, under the ledger's own name.
 */
public final class Ocsf {

    private static final String VERSION = "1.3.0";
    private static final int OTHER = 99;

    private static final int INFORMATIONAL = 1;
    private static final int LOW = 2;
    private static final int MEDIUM = 3;
    private static final int HIGH = 4;
    private static final int CRITICAL = 5;
    private static final List<String> SEVERITIES =
            List.of("Unknown", "Informational", "Low", "Medium", "High", "Critical");

    private static final Set<String> FAILURES = Set.of("denied", "failed", "withheld", "not-revoked");

    private static final List<String> UNMAPPED = List.of(
            "decision",
            "rule",
            "revision",
            "asked",
            "granted",
            "cache",
            "leg1Ms",
            "leg2Ms",
            "peerError",
            "idJagIdHash",
            "tokenFingerprint",
            "weaker",
            "writer",
            "seq");

    /** A class of the schema. */
    private record Kind(int category, String categoryName, int uid, String name) {
        static final Kind AUTHENTICATION = new Kind(3, "Identity & Access Management", 3002, "Authentication");
        static final Kind ENTITY_MANAGEMENT = new Kind(3, "Identity & Access Management", 3004, "Entity Management");
        static final Kind DETECTION = new Kind(2, "Findings", 2004, "Detection Finding");
        static final Kind BASE = new Kind(0, "Uncategorized", 0, "Base Event");
    }

    /** What one decision of the ledger is there. */
    private record Activity(Kind kind, int id, String name, int severity) {}

    private static final Map<String, Activity> ACTIVITIES = Map.ofEntries(
            Map.entry("allowed", new Activity(Kind.AUTHENTICATION, OTHER, "Token Exchange", INFORMATIONAL)),
            Map.entry("denied", new Activity(Kind.AUTHENTICATION, OTHER, "Token Exchange", LOW)),
            Map.entry("failed", new Activity(Kind.AUTHENTICATION, OTHER, "Token Exchange", MEDIUM)),
            Map.entry("withheld", new Activity(Kind.AUTHENTICATION, OTHER, "Token Exchange", LOW)),
            Map.entry("renewed", new Activity(Kind.AUTHENTICATION, OTHER, "Token Renewal", INFORMATIONAL)),
            Map.entry("revoked", new Activity(Kind.AUTHENTICATION, OTHER, "Token Revocation", INFORMATIONAL)),
            Map.entry("not-revoked", new Activity(Kind.AUTHENTICATION, OTHER, "Token Revocation", MEDIUM)),
            Map.entry("ended", new Activity(Kind.AUTHENTICATION, 2, "Logoff", INFORMATIONAL)),
            Map.entry("killed", new Activity(Kind.ENTITY_MANAGEMENT, 12, "Suspend", MEDIUM)),
            Map.entry("reopened", new Activity(Kind.ENTITY_MANAGEMENT, 13, "Resume", LOW)),
            Map.entry("alert", new Activity(Kind.DETECTION, 1, "Create", CRITICAL)),
            Map.entry("signals-degraded", new Activity(Kind.BASE, OTHER, "Signals Degraded", HIGH)));

    private Ocsf() {}

    /** @param entry as {@link EntryJson} writes it */
    public static ObjectNode of(JsonNode entry) {
        String decision = entry.path("decision").asText();
        Activity activity =
                ACTIVITIES.getOrDefault(decision, new Activity(Kind.BASE, OTHER, title(decision), INFORMATIONAL));
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        classified(event, activity);
        event.put("time", Instant.parse(entry.path("at").asText()).toEpochMilli());
        boolean failure = FAILURES.contains(decision);
        event.put("status_id", failure ? 2 : 1).put("status", failure ? "Failure" : "Success");
        event.put("status_code", entry.path("reason").asText());
        if (entry.has("detail")) {
            event.put("status_detail", entry.path("detail").asText());
        }
        String reason = entry.path("reason").asText();
        event.put("message", reason.startsWith(decision) ? reason : decision + ": " + reason);
        event.set("metadata", metadata(entry));
        about(event, activity, entry);
        ObjectNode unmapped = event.putObject("unmapped");
        UNMAPPED.stream().filter(entry::has).forEach(name -> unmapped.set(name, entry.get(name)));
        return event;
    }

    private static void classified(ObjectNode event, Activity activity) {
        Kind kind = activity.kind();
        event.put("category_uid", kind.category()).put("category_name", kind.categoryName());
        event.put("class_uid", kind.uid()).put("class_name", kind.name());
        event.put("activity_id", activity.id()).put("activity_name", activity.name());
        event.put("type_uid", kind.uid() * 100 + activity.id());
        event.put("type_name", kind.name() + ": " + (activity.id() == OTHER ? "Other" : activity.name()));
        event.put("severity_id", activity.severity()).put("severity", SEVERITIES.get(activity.severity()));
    }

    private static ObjectNode metadata(JsonNode entry) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("version", VERSION);
        metadata.putObject("product").put("name", "XAA Broker").put("vendor_name", "XAA Broker");
        return metadata.put(
                        "uid",
                        entry.path("writer").asText() + "." + entry.path("id").asText())
                .put("correlation_uid", entry.path("requestId").asText())
                .put("tenant_uid", entry.path("tenant").asText())
                .put("log_name", "ledger");
    }

    private static void about(ObjectNode event, Activity activity, JsonNode entry) {
        if (entry.has("client")) {
            event.putObject("actor").put("app_name", entry.path("client").asText());
        }
        switch (activity.kind().uid()) {
            case 3002 -> authentication(event, entry);
            case 3004 -> entity(event, entry);
            case 2004 ->
                event.putObject("finding_info")
                        .put("uid", entry.path("requestId").asText())
                        .put(
                                "title",
                                "A probe was not refused: "
                                        + entry.path("reason").asText());
            default -> subject(event, entry);
        }
    }

    /** The class wants a user and a service; who was refused before either was known has neither. */
    private static void authentication(ObjectNode event, JsonNode entry) {
        event.put("auth_protocol_id", 6).put("auth_protocol", "OAUTH 2.0");
        ObjectNode user = event.putObject("user");
        if (entry.has("user")) {
            user.put("uid", entry.path("user").asText()).put("type_id", 1).put("type", "User");
        } else {
            user.put("name", "unknown").put("type_id", 0).put("type", "Unknown");
        }
        event.putObject("service").put("name", entry.path("server").asText("unknown"));
        if (entry.has("session")) {
            event.putObject("session").put("uid", entry.path("session").asText());
        }
    }

    private static void entity(ObjectNode event, JsonNode entry) {
        String kind = entry.path("reason").asText();
        String member = kind.equals("connection") ? "rule" : kind;
        event.putObject("entity")
                .put("type", kind)
                .put("name", entry.path(member).asText("unknown"));
    }

    private static void subject(ObjectNode event, JsonNode entry) {
        if (entry.has("user")) {
            event.withObject("/unmapped").put("user", entry.path("user").asText());
        }
    }

    private static String title(String decision) {
        return decision.isEmpty()
                ? "Unknown"
                : Character.toUpperCase(decision.charAt(0))
                        + decision.substring(1).replace('-', ' ');
    }
}
