package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FIGMA;
import static dev.xaabroker.policy.Example.NOW;
import static dev.xaabroker.policy.Example.PLAIN;
import static dev.xaabroker.policy.Example.allowed;
import static dev.xaabroker.policy.Example.ask;
import static dev.xaabroker.policy.Example.denied;
import static dev.xaabroker.policy.Example.login;
import static dev.xaabroker.policy.Example.reason;
import static dev.xaabroker.policy.Example.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyDecisionTest {

    private final Policy policy = Example.load(Example.FILE);

    @Test
    void allowsWhatAConnectionGives() {
        Decision.Allowed decision = allowed(policy.decide(ask(policy, "cursor", FIGMA, "read"), user("engineering")));

        assertThat(decision.connections()).containsExactly("eng");
        assertThat(decision.scopes()).isEqualTo(Scopes.of("read"));
        assertThat(decision.ttl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(decision.notes()).isEmpty();
    }

    @Test
    @Rules({"G3"})
    void knowsNoClientButThoseOfTheFile() {
        Client stranger = Example.load(
                        Example.FILE.replace("  cursor:", "  stranger:").replace("[cursor, ", "[stranger, "))
                .client("stranger")
                .orElseThrow();
        Policy.Query query = new Policy.Query(stranger, FIGMA, Optional.empty(), Optional.empty(), NOW);

        assertThat(policy.client("stranger")).isEmpty();
        assertThat(reason(policy.decide(query, user("engineering")))).isEqualTo("client-unknown");
        assertThat(policy.beforeUser(query).map(Example::reason)).contains("client-unknown");
    }

    @Test
    void aDisabledEntryIsNoEntry() {
        assertReason(
                Example.with("  cursor:\n", "  cursor:\n    status: disabled\n"), "cursor", FIGMA, "client-disabled");
        assertReason(
                Example.with("    owner: design-ops\n", "    status: disabled\n"), "cursor", FIGMA, "server-disabled");
        assertReason(
                Example.with("profile: id-jag", "profile: id-jag\n    status: disabled"),
                "cursor",
                FIGMA,
                "idp-disabled");
    }

    /** The Client of a request was read from an earlier file. */
    @Test
    void theStatusInThisFileCounts() {
        Policy later = Example.with("  cursor:\n", "  cursor:\n    status: disabled\n");

        assertThat(reason(later.decide(ask(policy, "cursor", FIGMA), user("engineering"))))
                .isEqualTo("client-disabled");
    }

    @Test
    @Rules({"G4", "A9"})
    void knowsNoResourceButThoseOfTheFileByteForByte() {
        for (String resource : new String[] {
            "https://mcp.figma.example/mcp//", "https://MCP.figma.example/mcp", "https://mcp.figma.example:443/mcp",
                    "figma",
            "https://mcp.figma.example/mcp?", "https://mcp.figma.example/%6Dcp", "https://mcp.plain.example", ""
        }) {
            assertThat(policy.server(resource)).as(resource).isEmpty();
            assertReason(policy, "cursor", resource, "server-unknown");
        }
    }

    @Test
    void anAliasLeadsToTheConfiguredResource() {
        assertThat(policy.server(FIGMA + "/").orElseThrow().resource()).isEqualTo(FIGMA);
        assertReason(policy, "cursor", FIGMA + "/", "allowed:eng");
    }

    @Test
    @Rules({"G4"})
    void anAudienceMustBeTheOneOfTheResource() {
        Policy.Query query = ask(policy, "cursor", FIGMA);
        Policy.Query other = new Policy.Query(
                query.client(), FIGMA, Optional.of("https://auth.figma.example/"), query.scopes(), NOW);
        Policy.Query same =
                new Policy.Query(query.client(), FIGMA, Optional.of("https://auth.figma.example"), query.scopes(), NOW);

        assertThat(reason(policy.decide(other, user("engineering")))).isEqualTo("resource-mismatch");
        assertThat(policy.beforeUser(other).map(Example::reason)).contains("resource-mismatch");
        assertThat(reason(policy.decide(same, user("engineering")))).isEqualTo("allowed:eng");
    }

    @Test
    @Rules({"G1"})
    void withoutAConnectionNothingIsAllowed() {
        assertReason(policy, "cursor", PLAIN, "no-connection");
        assertThat(policy.beforeUser(ask(policy, "cursor", PLAIN)).map(Example::reason))
                .contains("no-connection");
        assertReason(Example.withRules("connections: []\n"), "cursor", FIGMA, "no-connection");
    }

    @Test
    void namesTheConnectionAndItsOwner() {
        Failure.Denied denial = denied(policy.decide(ask(policy, "cursor", FIGMA), user("sales")));

        assertThat(denial.reason()).isEqualTo("user-not-in-group");
        assertThat(denial.rule()).isEqualTo("eng");
        assertThat(denial.owner()).contains("eng-owner");
        assertThat(denial.text()).doesNotContain("engineering").doesNotContain("sales");
        assertThat(denied(policy.decide(ask(policy, "cursor", PLAIN), user())).owner())
                .contains("it@acme.example");
    }

    @Test
    @Rules({"G5"})
    void aScopeBeyondTheConnectionIsRefusedAndNotTrimmed() {
        assertReason(policy, "cursor", FIGMA, "scope-not-allowed", "read", "write");
        assertReason(policy, "cursor", FIGMA, "scope-not-allowed", "delete");
        assertThat(policy.beforeUser(ask(policy, "cursor", FIGMA, "read", "write"))
                        .map(Example::reason))
                .contains("scope-not-allowed");
    }

    @Test
    void severalConnectionsShareTheScopesAndTheShortestTtlWins() {
        Policy shared = Example.withRules("""
                connections:
                  - { id: b-read, clients: [cursor], servers: [figma], users: any, scopes: [read], tokenTtl: 3m }
                  - { id: c-write, clients: [cursor], servers: [figma], users: any, scopes: [write], tokenTtl: 2m }
                  - { id: a-read, clients: [cursor], servers: [figma], users: any, scopes: [read], tokenTtl: 4m }
                """);

        Decision.Allowed both = allowed(shared.decide(ask(shared, "cursor", FIGMA, "read", "write"), user()));
        Decision.Allowed read = allowed(shared.decide(ask(shared, "cursor", FIGMA, "read"), user()));
        Decision.Allowed unasked = allowed(shared.decide(ask(shared, "cursor", FIGMA), user()));

        assertThat(both.connections()).containsExactly("a-read", "b-read", "c-write");
        assertThat(both.ttl()).isEqualTo(Duration.ofMinutes(2));
        assertThat(read.connections()).containsExactly("a-read", "b-read");
        assertThat(read.ttl()).isEqualTo(Duration.ofMinutes(3));
        assertThat(unasked.scopes()).isEqualTo(Scopes.of("read", "write"));
        assertThat(unasked.ttl()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aConnectionEndsAt24HoursUtcOfItsLastDay() {
        Policy expiring = Example.with("    owner: eng-owner\n", "    expires: 2027-03-31\n");
        Policy.Query query = ask(expiring, "cursor", FIGMA);

        assertThat(reason(expiring.decide(at(query, "2027-03-31T23:59:59.999Z"), user("engineering"))))
                .isEqualTo("allowed:eng");
        assertThat(reason(expiring.decide(at(query, "2027-04-01T00:00:00Z"), user("engineering"))))
                .isEqualTo("connection-expired");
        assertThat(expiring.beforeUser(at(query, "2027-04-01T00:00:00Z")).map(Example::reason))
                .contains("connection-expired");
    }

    @Test
    void aDisabledConnectionGrantsNothing() {
        assertReason(
                Example.with("    owner: eng-owner\n", "    status: disabled\n"),
                "cursor",
                FIGMA,
                "connection-disabled");
    }

    @Test
    void aWeakOrOldLoginIsAskedToStepUp() {
        Policy strict =
                Example.with("    owner: eng-owner\n", "    owner: o\n    require: { acr: phr, maxAuthAge: 8h }\n");
        Policy.Query query = ask(strict, "cursor", FIGMA);
        Instant young = NOW.minus(Duration.ofHours(8));

        assertThat(reason(strict.decide(query, login("phr", young, "engineering"))))
                .isEqualTo("allowed:eng");
        for (var weak : new dev.xaabroker.grant.Identity[] {
            login("phr", young.minusMillis(1), "engineering"),
            login("phr", null, "engineering"),
            login("phrh", young, "engineering"),
            login(null, young, "engineering")
        }) {
            Failure failure = ((Decision.Refused) strict.decide(query, weak)).failure();
            assertThat(failure)
                    .isEqualTo(new Failure.StepUp(
                            "assurance-too-low", "phr", 8 * 3600, Optional.of("o"), failure.detail()));
        }
        assertThat(strict.beforeUser(query)).isEmpty();
    }

    @Test
    void aDenyRuleAlwaysWins() {
        String rules = Example.FILE.substring(Example.FILE.indexOf("connections:"));
        String deny = rules.replace("scopes: [read]", "scopes: [read, write]") + """
                deny:
                  - { id: no-write, users: { groups: [contractors] }, servers: [figma], scopes: [write], owner: sec }
                """;
        Policy denying = Example.withRules(deny);

        Decision refused =
                denying.decide(ask(denying, "cursor", FIGMA, "read", "write"), user("engineering", "contractors"));
        Decision subtracted = denying.decide(ask(denying, "cursor", FIGMA), user("engineering", "contractors"));

        assertThat(reason(refused)).isEqualTo("denied-by-rule:no-write");
        assertThat(denied(refused).owner()).contains("sec");
        assertThat(allowed(subtracted).scopes()).isEqualTo(Scopes.of("read"));
        assertReason(denying, "cursor", FIGMA, "allowed:eng", "read", "write");
        assertThat(reason(denying.decide(ask(denying, "cursor", FIGMA, "read"), user("engineering", "contractors"))))
                .isEqualTo("allowed:eng");
    }

    @Test
    void aDenyRuleThatLeavesNothingRefuses() {
        Policy denying = Example.load(Example.FILE + "deny:\n  - { id: d, users: any, scopes: [read, write] }\n");

        assertReason(denying, "cursor", FIGMA, "denied-by-rule:d");
        assertReason(denying, "cursor", FIGMA, "denied-by-rule:d", "read");
        assertThat(reason(denying.decide(ask(denying, "cursor", FIGMA), user())))
                .isEqualTo("user-not-in-group");
    }

    @Test
    void aDenyRuleWithoutListsIsAboutEverything() {
        Policy denying = Example.load(Example.FILE + "deny:\n  - { id: stop, users: any }\n");

        assertReason(denying, "cursor", FIGMA, "denied-by-rule:stop");
        assertReason(denying, "claude", PLAIN, "denied-by-rule:stop");
        assertThat(denying.beforeUser(ask(denying, "claude", PLAIN)).map(Example::reason))
                .contains("denied-by-rule:stop");
    }

    @Test
    void aDenyRuleMayBeAboutSomeClientsOnly() {
        Policy denying = Example.load(Example.FILE + "deny:\n  - { id: d, users: any, clients: [claude] }\n");

        assertReason(denying, "claude", FIGMA, "denied-by-rule:d");
        assertReason(denying, "cursor", FIGMA, "allowed:eng");
    }

    @Test
    void aServerWithoutScopesIsReachedWithoutScopes() {
        Policy plain = Example.withRules(
                "connections:\n  - { id: p, clients: [cursor], servers: [plain], users: any, scopes: [] }\n");

        assertThat(allowed(plain.decide(ask(plain, "cursor", PLAIN), user())).scopes())
                .isEqualTo(Scopes.NONE);
        assertReason(plain, "cursor", PLAIN, "scope-not-allowed", "read");
    }

    @Test
    void anEmptyScopeAsksLikeAnAbsentOne() {
        Policy.Query absent = ask(policy, "cursor", FIGMA);
        Policy.Query empty = new Policy.Query(absent.client(), FIGMA, Optional.empty(), Optional.of(Scopes.NONE), NOW);

        assertThat(policy.decide(empty, user("engineering"))).isEqualTo(policy.decide(absent, user("engineering")));
    }

    @Test
    void theEarlierReasonIsTheAnswer() {
        String disabledClient = Example.exchange("  cursor:\n", "  cursor:\n    status: disabled\n");
        String disabledServer = disabledClient.replace("    owner: design-ops\n", "    status: disabled\n");
        String disabledIdp = Example.FILE.replace("profile: id-jag", "profile: id-jag\n    status: disabled");
        String serverAndIdp = disabledIdp.replace("    owner: design-ops\n", "    status: disabled\n");
        String denyAll = "deny:\n  - { id: z, users: any }\n  - { id: b, users: any }\n";

        assertReason(Example.load(disabledServer), "cursor", FIGMA, "client-disabled");
        assertReason(Example.load(disabledClient), "cursor", "https://nowhere.example", "client-disabled");
        assertReason(Example.load(serverAndIdp), "cursor", FIGMA, "server-disabled");
        assertReason(Example.load(disabledIdp + denyAll), "cursor", FIGMA, "idp-disabled");
        assertReason(Example.load(Example.FILE + denyAll), "cursor", PLAIN, "denied-by-rule:b");
    }

    @Test
    void theConnectionThatGotFurthestIsNamedThenTheLowestId() {
        Policy many = Example.withRules("""
                connections:
                  - { id: a, clients: [cursor], servers: [figma], users: any, scopes: [read], status: disabled }
                  - { id: b, clients: [cursor], servers: [figma], users: any, scopes: [read], expires: 2020-01-01 }
                  - { id: d, clients: [cursor], servers: [figma], users: { groups: [g] }, scopes: [read] }
                  - { id: c, clients: [cursor], servers: [figma], users: { groups: [g] }, scopes: [read] }
                  - { id: f, clients: [cursor], servers: [figma], users: { groups: [h] }, scopes: [write], require: { acr: x } }
                """);

        assertThat(denied(many.decide(ask(many, "cursor", FIGMA, "read"), user()))
                        .rule())
                .isEqualTo("c");
        assertThat(reason(many.decide(ask(many, "cursor", FIGMA, "read"), user("h"))))
                .isEqualTo("scope-not-allowed");
        assertThat(denied(many.decide(ask(many, "cursor", FIGMA, "read"), user("h")))
                        .rule())
                .isEqualTo("f");
        assertThat(reason(many.decide(ask(many, "cursor", FIGMA, "write"), user("h"))))
                .isEqualTo("assurance-too-low");
        // No login would help with `admin`, so the user is not sent to one for `write`.
        assertThat(reason(many.decide(ask(many, "cursor", FIGMA, "write", "admin"), user("h"))))
                .isEqualTo("scope-not-allowed");
        assertThat(reason(many.decide(ask(many, "cursor", FIGMA), user("h")))).isEqualTo("assurance-too-low");
    }

    @Test
    void theGroupOfAnotherIdentityProviderIsAnotherGroup() {
        String corp = "  corp:\n    issuer: https://idp.acme.example\n";
        Policy two = Example.load(Example.FILE
                .replace(
                        corp, "  partner: { issuer: https://p.example, profile: okta, claims: { groups: g } }\n" + corp)
                .replace("{ groups: [engineering] }", "{ groups: [engineering], idp: partner }"));

        assertReason(two, "cursor", FIGMA, "user-not-in-group");
        assertThat(two.beforeUser(ask(two, "cursor", FIGMA)).map(Example::reason))
                .contains("user-not-in-group");
    }

    @Test
    void auditModeSpeaksAndDoesNothing() {
        Policy audit = Example.withRules("""
                connections:
                  - { id: real, clients: [cursor], servers: [figma], users: any, scopes: [read] }
                  - { id: trial, clients: [cursor], servers: [figma], users: { groups: [g] }, scopes: [write], mode: audit }
                deny:
                  - { id: harsh, users: { groups: [g] }, scopes: [read], mode: audit }
                """);

        Decision read = audit.decide(ask(audit, "cursor", FIGMA, "read"), user("g"));
        Decision write = audit.decide(ask(audit, "cursor", FIGMA, "write"), user("g"));

        assertThat(allowed(read).notes()).containsExactly("would-deny:harsh");
        assertThat(reason(write)).isEqualTo("scope-not-allowed");
        assertThat(((Decision.Refused) write).notes()).containsExactly("would-allow:trial");
        assertThat(allowed(audit.decide(ask(audit, "cursor", FIGMA), user("g"))).notes())
                .containsExactlyInAnyOrder("would-deny:harsh", "would-allow:trial");
        assertThat(audit.beforeUser(ask(audit, "cursor", FIGMA, "write")))
                .as("a trial lets nothing out, and only a known user can tell whether it would allow it")
                .hasValueSatisfying(refused -> {
                    assertThat(reason(refused)).isEqualTo("scope-not-allowed");
                    assertThat(refused.notes()).containsExactly("would-allow-unproven:trial");
                });
        assertThat(((Decision.Refused) audit.decide(ask(audit, "cursor", FIGMA, "write"), user())).notes())
                .isEmpty();
    }

    private static Policy.Query at(Policy.Query query, String time) {
        return new Policy.Query(
                query.client(), query.resource(), query.audience(), query.scopes(), Instant.parse(time));
    }

    private static void assertReason(Policy policy, String client, String resource, String reason, String... scopes) {
        assertThat(reason(policy.decide(ask(policy, client, resource, scopes), user("engineering"))))
                .isEqualTo(reason);
    }
}
