package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FIGMA;
import static dev.xaabroker.policy.Example.ask;
import static dev.xaabroker.policy.Example.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The steps of an explanation, whole and in order. */
class TraceTest {

    private static final Policy POLICY = Example.withRules("""
            connections:
              - { id: b-write, clients: [cursor], servers: [figma], users: any, scopes: [write], tokenTtl: 3m }
              - id: a-read
                clients: [cursor]
                servers: [figma]
                users: { groups: [engineering] }
                scopes: [read]
                require: { maxAuthAge: 8h }
                when: 'client.id == "cursor"'
                expires: 2027-03-31
              - { id: c-off, clients: [cursor], servers: [figma], users: any, scopes: [read], status: disabled }
              - { id: d-trial, clients: [cursor], servers: [figma], users: any, scopes: [read], mode: audit }
            deny:
              - { id: x-sales, users: { groups: [sales] }, servers: [figma] }
              - { id: y-admin, users: any, servers: [figma], scopes: [admin] }
              - { id: z-trial, users: any, servers: [figma], scopes: [read], mode: audit }
            """);

    private static final Identity FRESH = Example.login(null, Example.NOW, "engineering");

    private static List<String> steps(Policy.Query query, Identity user) {
        return POLICY.explain(query, Optional.of(user)).steps().stream()
                .map(step -> step.check() + " " + step.outcome() + " " + step.subject()
                        + (step.detail().isEmpty() ? "" : " (" + step.detail() + ")"))
                .toList();
    }

    @Test
    void anAllowedRequestShowsEveryCheckAndNamesEachConnectionThatGrantsIt() {
        assertThat(steps(ask(POLICY, "cursor", FIGMA, "read", "write"), FRESH))
                .containsExactly(
                        "policy-unavailable PASSED  (a policy is in force)",
                        "tenant-unknown PASSED acme",
                        "client-unknown PASSED cursor",
                        "client-disabled PASSED cursor",
                        "client-killed NOT_REACHED  (not decided by the file)",
                        "server-unknown PASSED figma",
                        "server-disabled PASSED figma",
                        "server-killed NOT_REACHED  (not decided by the file)",
                        "idp-disabled PASSED corp",
                        "session-unknown NOT_REACHED  (not decided by the file)",
                        "session-ended NOT_REACHED  (not decided by the file)",
                        "user-killed NOT_REACHED  (not decided by the file)",
                        "resource-mismatch PASSED figma",
                        "denied-by-rule PASSED x-sales (is about other users: users of corp in sales)",
                        "denied-by-rule PASSED y-admin (denies only admin)",
                        "denied-by-rule NOTED z-trial (in audit mode; would deny read)",
                        "no-connection PASSED ",
                        "connection-disabled PASSED a-read",
                        "connection-expired PASSED a-read (ends 2027-04-01T00:00:00Z)",
                        "connection-killed NOT_REACHED a-read (not decided by the file)",
                        "user-not-in-group PASSED a-read (is for users of corp in engineering)",
                        "scope-not-allowed PASSED a-read (gives read, asked for read write)",
                        "assurance-too-low PASSED a-read (requires a login not older than 28800s)",
                        "condition-false PASSED a-read (client.id == \"cursor\")",
                        "condition-error PASSED a-read (client.id == \"cursor\")",
                        "connection-disabled PASSED b-write",
                        "connection-expired PASSED b-write (never expires)",
                        "connection-killed NOT_REACHED b-write (not decided by the file)",
                        "user-not-in-group PASSED b-write (is for any user of corp)",
                        "scope-not-allowed PASSED b-write (gives write, asked for read write)",
                        "assurance-too-low PASSED b-write (requires nothing of the login)",
                        "condition-false PASSED b-write (no condition)",
                        "condition-error PASSED b-write (no condition)",
                        "connection-disabled FAILED c-off",
                        "connection-expired NOT_REACHED c-off",
                        "connection-killed NOT_REACHED c-off (not decided by the file)",
                        "user-not-in-group NOT_REACHED c-off",
                        "scope-not-allowed NOT_REACHED c-off",
                        "assurance-too-low NOT_REACHED c-off",
                        "condition-false NOT_REACHED c-off",
                        "condition-error NOT_REACHED c-off",
                        "allowed NOTED d-trial (in audit mode; would allow read)",
                        "allowed PASSED a-read (grants read for at most 300s)",
                        "allowed PASSED b-write (grants write for at most 180s)");
    }

    @Test
    void aRefusedRequestShowsTheStepThatRefusedIt() {
        assertThat(steps(ask(POLICY, "cursor", FIGMA, "read"), user("engineering")))
                .contains("assurance-too-low FAILED a-read (requires a login not older than 28800s)")
                .endsWith("allowed NOT_REACHED ");
        assertThat(steps(ask(POLICY, "cursor", FIGMA, "read"), user("sales")))
                .contains("denied-by-rule FAILED x-sales (denies everything)", "denied-by-rule NOT_REACHED y-admin")
                .endsWith("no-connection NOT_REACHED ", "allowed NOT_REACHED ");
        assertThat(steps(ask(POLICY, "claude", FIGMA), FRESH)).contains("no-connection FAILED ");
        assertThat(steps(ask(POLICY, "cursor", "https://nowhere.example"), FRESH))
                .contains(
                        "server-unknown FAILED https://nowhere.example (No MCP server is configured for this resource.)")
                .contains("idp-disabled NOT_REACHED corp");
    }

    @Test
    void aUserOfWhomNothingIsKnownIsNobody() {
        Explanation explanation = POLICY.explain(ask(POLICY, "cursor", FIGMA, "read"), Optional.empty());

        assertThat(Example.reason(explanation.decision())).isEqualTo("scope-not-allowed");
        assertThat(explanation.steps())
                .anyMatch(step -> step.equals(new Step(
                        "user-not-in-group", Outcome.FAILED, "a-read", "is for users of corp in engineering")));
    }

    /** Steps of different connections repeat the order; each run of them is in it. */
    @Test
    void theStepsStandInTheOrderOfTheReasons() {
        List<String> order = Stream.of(Reason.values()).map(Reason::code).toList();
        List<Step> steps =
                POLICY.explain(ask(POLICY, "cursor", FIGMA), Optional.of(FRESH)).steps();
        List<Integer> once = steps.stream()
                .filter(step -> !step.check().startsWith("connection-")
                        && !step.subject().contains("-"))
                .map(step -> order.indexOf(step.check()))
                .toList();
        List<Integer> ofOne = steps.stream()
                .filter(step -> step.subject().equals("a-read"))
                .map(step -> order.indexOf(step.check()))
                .toList();

        assertThat(once).isSorted();
        assertThat(ofOne).isSorted().hasSize(9);
        assertThat(steps.stream().map(Step::check).distinct()).containsExactlyInAnyOrderElementsOf(order);
    }
}
