package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decision in the JSON of the admin face. */
final class Decisions {

    private Decisions() {}

    static void write(Decision decision, ObjectNode answer) {
        switch (decision) {
            case Decision.Allowed allowed -> {
                answer.put("decision", "allow").put("reason", "allowed:" + String.join(",", allowed.connections()));
                answer.set("connections", PrintingCommand.array(allowed.connections()));
                answer.set("scopes", PrintingCommand.array(allowed.scopes().values()));
                answer.put("ttl", allowed.ttl().toSeconds() + "s");
            }
            case Decision.Refused(Failure failure, List<String> notes) -> {
                answer.put("decision", "deny").put("reason", failure.reason());
                owner(failure).ifPresent(owner -> answer.put("owner", owner));
            }
        }
    }

    private static Optional<String> owner(Failure failure) {
        return switch (failure) {
            case Failure.Denied denied -> denied.owner();
            case Failure.StepUp stepUp -> stepUp.owner();
            default -> Optional.empty();
        };
    }

    /** The texts of a JSON array, or a text itself, with spaces between. */
    static String joined(JsonNode texts) {
        if (!texts.isArray()) {
            return texts.asText("");
        }
        List<String> values = new ArrayList<>();
        texts.forEach(text -> values.add(text.asText()));
        return String.join(" ", values);
    }
}
