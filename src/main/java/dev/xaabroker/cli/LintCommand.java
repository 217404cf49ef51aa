package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.policy.Finding;
import dev.xaabroker.policy.Lint;
import dev.xaabroker.policy.Lint.Advice;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.policy.PolicyInvalid;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa policy lint}: what is wrong, and what is allowed but probably not meant. */
@Command(
        name = "lint",
        description = {
            "Find errors, and what is allowed but probably not meant: rules that cannot be reached or that another"
                    + " one covers, expired connections, entries that nobody owns or uses, audit mode left on.",
            "Errors come first, each with its line and column; then advice, each with what to do."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing found", "1:errors or advice", "2:the file cannot be read"})
final class LintCommand extends PrintingCommand {

    @Parameters(paramLabel = "FILE", description = "A managed-connections file, or a folder of them.")
    Path file;

    @Mixin
    PolicyFiles files;

    @Option(
            names = "--ignore",
            split = ",",
            paramLabel = "CHECK",
            description = "Checks to leave out, as audit-mode,expires-soon.")
    Set<String> ignored = Set.of();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Judge expiry as of this time, as 2027-03-31T12:00:00Z; now by default.")
    Instant at = Instant.now();

    @Override
    public Integer call() {
        Policy policy;
        try {
            policy = files.read(file);
        } catch (PolicyInvalid invalid) {
            tell(invalid.findings(), List.of());
            return Xaa.FINDINGS;
        }
        List<Advice> advice = Lint.of(policy, file, at).stream()
                .filter(one -> !ignored.contains(one.check()))
                .toList();
        tell(List.of(), advice);
        return advice.isEmpty() ? Xaa.FINE : Xaa.FINDINGS;
    }

    private void tell(List<Finding> errors, List<Advice> advice) {
        if (json) {
            print(inJson(errors, advice));
            return;
        }
        errors.forEach(error -> out().println(error));
        for (Advice one : advice) {
            out().printf("%s:%d:%d: %s%n", one.file(), one.line(), one.column(), one.message());
            out().printf("    %s; fix: %s%n", one.check(), one.fix());
        }
        out().println(errors.isEmpty() && advice.isEmpty() ? "nothing found" : summary(errors.size(), advice.size()));
    }

    private static String summary(int errors, int advice) {
        return errors > 0
                ? errors + (errors == 1 ? " error" : " errors") + ": the broker would not load this"
                : advice + (advice == 1 ? " finding" : " findings") + ", no errors";
    }

    private static ObjectNode inJson(List<Finding> errors, List<Advice> advice) {
        ObjectNode answer = object();
        ArrayNode listed = answer.putArray("errors");
        errors.forEach(error -> listed.addObject()
                .put("file", error.file())
                .put("line", error.line())
                .put("column", error.column())
                .put("message", error.message()));
        ArrayNode found = answer.putArray("findings");
        advice.forEach(one -> found.addObject()
                .put("check", one.check())
                .put("subject", one.subject())
                .put("file", one.file())
                .put("line", one.line())
                .put("column", one.column())
                .put("message", one.message())
                .put("fix", one.fix()));
        return answer;
    }
}
