package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.policy.Finding;
import dev.xaabroker.policy.PolicyInvalid;
import dev.xaabroker.policy.TestResult;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code xaa policy test}: the tests in the file, as the broker runs them before it loads it. */
@Command(
        name = "test",
        description = "Run the tests in the file, as the broker does before it loads it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all passed", "1:a test failed, or the file has errors", "2:the file cannot be read"})
final class TestCommand extends PrintingCommand {

    @Parameters(paramLabel = "FILE", description = "A managed-connections file, or a folder of them.")
    Path file;

    @Mixin
    PolicyFiles files;

    @Override
    public Integer call() {
        List<TestResult> results;
        try {
            results = files.read(file).tests();
        } catch (PolicyInvalid invalid) {
            return failed(invalid.findings());
        }
        if (json) {
            print(inJson(results));
        } else {
            results.forEach(result -> out().println((result.passed() ? "ok    " : "FAIL  ")
                    + result.name()
                    + (result.detail().isEmpty() ? "" : ": " + result.detail())));
            out().println(results.size() + (results.size() == 1 ? " test, " : " tests, ") + failures(results)
                    + " failed");
        }
        return failures(results) == 0 ? Xaa.FINE : Xaa.FINDINGS;
    }

    private static long failures(List<TestResult> results) {
        return results.stream().filter(result -> !result.passed()).count();
    }

    private int failed(List<Finding> findings) {
        if (json) {
            ObjectNode answer = object().put("passed", false);
            ArrayNode errors = answer.putArray("errors");
            findings.forEach(finding -> errors.addObject()
                    .put("file", finding.file())
                    .put("line", finding.line())
                    .put("column", finding.column())
                    .put("message", finding.message()));
            print(answer);
        } else {
            findings.forEach(finding -> out().println(finding));
            out().println("the broker would not load this");
        }
        return Xaa.FINDINGS;
    }

    private static ObjectNode inJson(List<TestResult> results) {
        ObjectNode answer = object().put("passed", failures(results) == 0);
        ArrayNode tests = answer.putArray("tests");
        results.forEach(result -> tests.addObject()
                .put("name", result.name())
                .put("line", result.line())
                .put("passed", result.passed())
                .put("detail", result.detail()));
        return answer;
    }
}
