package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.policy.Explanation;
import dev.xaabroker.policy.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code xaa policy explain}: why a request is allowed or refused. */
@Command(
        name = "explain",
        description = {
            "Tell why a request is allowed or refused, with every step of the decision.",
            "From a file, or with --broker from the policy in force at a running broker."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:allowed", "1:refused", "2:the file or the broker cannot be read"})
final class ExplainCommand extends PrintingCommand {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A managed-connections file, or a folder of them.")
    @Nullable
    Path file;

    @Mixin
    PolicyFiles files;

    @Mixin
    BrokerOption broker;

    @Mixin
    Asked asked;

    @Override
    public Integer call() {
        Path from = file;
        if ((from == null) != broker.isGiven()) {
            throw wrongUsage("give a FILE, or a running broker with --broker URL, and not both");
        }
        JsonNode answer = from == null
                ? broker.admin().post("/admin/policy/explain", asked.inJson())
                : fromFile(files.read(from));
        if (json) {
            print(answer);
        } else {
            tell(answer);
        }
        return isAllowed(answer) ? Xaa.FINE : Xaa.FINDINGS;
    }

    private static boolean isAllowed(JsonNode answer) {
        return answer.path("decision").asText().startsWith("allow");
    }

    /** The answer that the admin face gives to the same question. */
    private JsonNode fromFile(Policy policy) {
        Explanation explanation = policy.explain(asked.query(policy), Optional.of(asked.user()));
        ObjectNode answer = object().put("revision", policy.revision());
        Decisions.write(explanation.decision(), answer);
        ArrayNode steps = answer.putArray("steps");
        explanation.steps().forEach(step -> steps.addObject()
                .put("check", step.check())
                .put("outcome", step.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("subject", step.subject())
                .put("detail", step.detail()));
        return answer;
    }

    private void tell(JsonNode answer) {
        String scopes = Decisions.joined(answer.path("scopes"));
        out().println(
                        isAllowed(answer)
                                ? "allowed by " + Decisions.joined(answer.path("connections"))
                                : "refused: " + answer.path("reason").asText());
        line("scopes", scopes);
        line("ttl", answer.path("ttl").asText(""));
        line("ask", answer.path("owner").asText(""));
        line("revision", answer.path("revision").asText(""));
        out().println();
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode step : answer.path("steps")) {
            rows.add(List.of(
                    mark(step.path("outcome").asText()),
                    step.path("check").asText(),
                    step.path("subject").asText(),
                    AdminFace.printable(step.path("detail").asText())));
        }
        Tables.aligned(rows).forEach(out()::println);
    }

    private void line(String what, String value) {
        if (!value.isEmpty()) {
            out().println("  " + what + ": " + AdminFace.printable(value));
        }
    }

    private static String mark(String outcome) {
        return switch (outcome) {
            case "passed" -> "pass";
            case "failed" -> "FAIL";
            case "noted" -> "note";
            default -> "skip";
        };
    }
}
