package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Puts the tests of a file to its rules. */
final class TestRun {

    private final Decider decider;
    private final Findings findings;

    TestRun(Decider decider, Findings findings) {
        this.decider = decider;
        this.findings = findings;
    }

    /** All results; each that failed is a finding too. */
    List<TestResult> of(List<PolicyTest> tests) {
        List<TestResult> results = new ArrayList<>(tests.size());
        for (PolicyTest test : tests) {
            String difference = difference(test);
            int line = test.at().getStartMark().map(Mark::getLine).orElse(0) + 1;
            results.add(new TestResult(test.name(), line, difference.isEmpty(), difference));
            if (!difference.isEmpty()) {
                findings.at(test.at(), "test \"" + test.name() + "\" fails: " + difference);
            }
        }
        return results;
    }

    private String difference(PolicyTest test) {
        Decision decision = decider.decide(test.given().query(), test.given().user());
        return holds(test.expect(), decision)
                ? ""
                : "expected " + expected(test.expect()) + ", but it is " + words(decision);
    }

    private static boolean holds(PolicyTest.Expect expect, Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed ->
                expect.allow()
                        && (expect.connection() == null || allowed.connections().contains(expect.connection()))
                        && (expect.scopes() == null || expect.scopes().equals(allowed.scopes()))
                        && (expect.ttl() == null || expect.ttl().equals(allowed.ttl()))
                        && says(expect, "allowed:" + String.join(",", allowed.connections()));
            case Decision.Refused(Failure failure, List<String> notes) ->
                !expect.allow()
                        && says(expect, failure.reason())
                        && (expect.connection() == null || Refusals.names(failure, expect.connection()));
        };
    }

    private static boolean says(PolicyTest.Expect expect, String reason) {
        String expected = expect.reason();
        return expected == null
                || expected.equals(reason)
                || (expected.indexOf(':') < 0 && reason.startsWith(expected + ":"));
    }

    private static String expected(PolicyTest.Expect expect) {
        return (expect.allow() ? "allowed" : "denied")
                + (expect.reason() == null ? "" : " for " + expect.reason())
                + (expect.connection() == null ? "" : " by connection " + expect.connection())
                + (expect.scopes() == null ? "" : " with scopes [" + expect.scopes() + "]")
                + (expect.ttl() == null ? "" : " for " + expect.ttl().toSeconds() + "s");
    }

    private static String words(Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed ->
                "allowed by " + String.join(", ", allowed.connections()) + " with scopes [" + allowed.scopes()
                        + "] for " + allowed.ttl().toSeconds() + "s";
            case Decision.Refused(Failure failure, List<String> notes) ->
                "denied for " + failure.reason() + " (" + failure.detail() + ")";
        };
    }
}
