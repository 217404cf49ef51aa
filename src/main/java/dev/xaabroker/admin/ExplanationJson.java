package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Explanation;
import dev.xaabroker.policy.Step;
import java.util.Locale;
import java.util.Optional;

/** An explanation as the admin face sends it. */
final class ExplanationJson {

    private ExplanationJson() {}

    static ObjectNode of(String revision, Explanation explanation) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("revision", revision);
        switch (explanation.decision()) {
            case Decision.Allowed allowed -> {
                answer.put("decision", "allow").put("reason", "allowed:" + String.join(",", allowed.connections()));
                ArrayNode connections = answer.putArray("connections");
                allowed.connections().forEach(connections::add);
                ArrayNode scopes = answer.putArray("scopes");
                allowed.scopes().values().forEach(scopes::add);
                answer.put("ttl", allowed.ttl().toSeconds() + "s");
            }
            case Decision.Refused refused -> {
                answer.put("decision", "deny").put("reason", refused.failure().reason());
                owner(refused.failure()).ifPresent(owner -> answer.put("owner", owner));
            }
        }
        ArrayNode steps = answer.putArray("steps");
        explanation.steps().forEach(step -> steps.add(step(step)));
        return answer;
    }

    private static ObjectNode step(Step step) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("check", step.check())
                .put("outcome", step.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("subject", step.subject())
                .put("detail", step.detail());
    }

    /** A policy refuses with one of these two alone. */
    private static Optional<String> owner(Failure failure) {
        return switch (failure) {
            case Failure.Denied denied -> denied.owner();
            case Failure.StepUp stepUp -> stepUp.owner();
            case Failure.InvalidRequest none -> Optional.empty();
            case Failure.SessionDead none -> Optional.empty();
            case Failure.PeerDenied none -> Optional.empty();
            case Failure.PeerFault none -> Optional.empty();
            case Failure.LongToken none -> Optional.empty();
            case Failure.AnswerLost lost -> Optional.empty();
            case Failure.NotSent unsent -> Optional.empty();
            case Failure.Unavailable none -> Optional.empty();
            case Failure.TooMany none -> Optional.empty();
        };
    }
}
