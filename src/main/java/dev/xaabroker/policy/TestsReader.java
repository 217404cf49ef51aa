package dev.xaabroker.policy;

import dev.xaabroker.grant.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code tests}. What they are about must exist, or a renamed server would leave them passing for no reason. */
final class TestsReader {

    private static final Map<String, Boolean> DECISIONS = Map.of("allow", true, "deny", false);

    private final GivenReader given;
    private final Findings findings;
    private final Map<String, Node> names = new HashMap<>();

    TestsReader(GivenReader given, Findings findings) {
        this.given = given;
        this.findings = findings;
    }

    /** The tests that could be read; what is wrong with the others is reported. */
    List<PolicyTest> read(List<Node> items) {
        List<PolicyTest> tests = new ArrayList<>(items.size());
        for (Node item : items) {
            Fields.open("a test", item, item, findings)
                    .flatMap(test -> one(test, item))
                    .ifPresent(tests::add);
        }
        return tests;
    }

    private Optional<PolicyTest> one(Fields test, Node item) {
        Optional<Text> name = test.requiredText("name", "a sentence that says what it shows");
        name.ifPresent(this::checkUnique);
        test.require("given", "{ user, client, server, … }");
        Optional<PolicyTest.Given> situation =
                test.fields("given", "`given` of a test").flatMap(given::read);
        test.require("expect", "{ decision: allow or deny, … }");
        Optional<PolicyTest.Expect> expect =
                test.fields("expect", "`expect` of a test").flatMap(this::expect);
        test.done();
        return name.isEmpty() || situation.isEmpty() || expect.isEmpty()
                ? Optional.empty()
                : Optional.of(new PolicyTest(name.get().value(), item, situation.get(), expect.get()));
    }

    private void checkUnique(Text name) {
        Node before = names.putIfAbsent(name.value(), name.at());
        if (before != null) {
            findings.at(
                    name.at(),
                    "the test " + Findings.place(before, name.at())
                            + " has this name already: say what this one shows");
        }
    }

    private Optional<PolicyTest.Expect> expect(Fields expect) {
        expect.require("decision", "allow or deny");
        Optional<Boolean> allow = Values.choice(expect, "decision", DECISIONS);
        String connection = expect.text("connection").map(Text::value).orElse(null);
        var scopes = ScopeLists.read(expect, "scopes").orElse(null);
        Duration ttl = Values.duration(expect, "ttl").orElse(null);
        String reason = expect.text("reason").map(this::reason).orElse(null);
        if (allow.isPresent() && !allow.get() && (scopes != null || ttl != null)) {
            findings.at(
                    expect.key(scopes != null ? "scopes" : "ttl"), "a denied request is given nothing: remove the key");
        }
        expect.done();
        return allow.map(yes -> new PolicyTest.Expect(yes, reason, connection, scopes, ttl));
    }

    private @Nullable String reason(Text reason) {
        String code = reason.value().replaceFirst(":.*", "");
        for (Reason known : Reason.values()) {
            if (known.code().equals(code)) {
                return reason.value();
            }
        }
        List<String> codes = List.of(Reason.values()).stream().map(Reason::code).toList();
        findings.at(reason.at(), "`reason` is no reason code" + Spelling.hint(code, codes));
        return null;
    }
}
