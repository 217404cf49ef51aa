package dev.xaabroker.policy;

import dev.xaabroker.grant.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks how {@code tests} are written. They are not run yet, so names in them are not followed either. */
final class TestsReader {

    private static final Map<String, String> DECISIONS = Map.of("allow", "allow", "deny", "deny");

    private final Findings findings;
    private final Map<String, Node> names = new HashMap<>();

    TestsReader(Findings findings) {
        this.findings = findings;
    }

    void check(List<Node> items) {
        for (Node item : items) {
            Fields.open("a test", item, item, findings).ifPresent(this::one);
        }
    }

    private void one(Fields test) {
        test.requiredText("name", "a sentence that says what it shows").ifPresent(this::checkUnique);
        test.require("given", "{ user, client, server, … }");
        test.fields("given", "`given` of a test").ifPresent(this::given);
        test.require("expect", "{ decision: allow or deny, … }");
        test.fields("expect", "`expect` of a test").ifPresent(this::expect);
        test.done();
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

    private void given(Fields given) {
        given.require("user", "{ groups: [name, …] }, and acr, authAge or mapped claims");
        given.fields("user", "`user` of a test").ifPresent(TestsReader::user);
        given.requiredText("client", "a client id");
        given.requiredText("server", "the name of a server");
        ScopeLists.read(given, "scopes");
        given.text("at").ifPresent(this::checkTime);
        given.done();
    }

    private static void user(Fields user) {
        user.texts("groups");
        user.text("acr");
        user.text("idp");
        Values.duration(user, "authAge");
        List<String> own = List.of("groups", "acr", "idp", "authAge");
        for (Text claim : user.names()) {
            if (!own.contains(claim.value())) {
                if (user.node(claim.value()).orElse(null) instanceof SequenceNode) {
                    user.texts(claim.value());
                } else {
                    user.text(claim.value());
                }
            }
        }
    }

    private void expect(Fields expect) {
        expect.require("decision", "allow or deny");
        Values.choice(expect, "decision", DECISIONS);
        expect.text("connection");
        ScopeLists.read(expect, "scopes");
        expect.text("reason").ifPresent(this::checkReason);
        expect.done();
    }

    private void checkReason(Text reason) {
        String code = reason.value().replaceFirst(":.*", "");
        for (Reason known : Reason.values()) {
            if (known.code().equals(code)) {
                return;
            }
        }
        List<String> codes = List.of(Reason.values()).stream().map(Reason::code).toList();
        findings.at(reason.at(), "`reason` is no reason code" + Spelling.hint(code, codes));
    }

    private void checkTime(Text at) {
        try {
            Instant.parse(at.value());
        } catch (DateTimeException e) {
            findings.at(at.at(), "`at` must be a time in UTC, as 2027-03-31T12:00:00Z");
        }
    }
}
