package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code tests} of a file: run when it is loaded, and it is loaded only when all pass. */
class EmbeddedTestsTest {

    private static final String BASE =
            Example.FILE.replace("claims: { groups: groups }", "claims: { groups: groups, department: dept }") + """
                require: { acr: phr, maxAuthAge: 8h }
                when: 'user.department != "finance" && session.age < duration("4h")'
                tokenTtl: 2m
                expires: 2020-12-31
              - { id: office, clients: [cursor], servers: [plain], users: any, scopes: [], when: 'request.time.getHours() < 18' }
            deny:
              - { id: no-admins, users: { groups: [admins] }, servers: [figma] }
            """;

    private static final String ENGINEER =
            "user: { groups: [engineering], acr: phr, authAge: 8h, department: r&d }, sessionAge: 3h";

    private static String test(String given, String expect) {
        return BASE + "tests:\n  - name: it\n    given: { " + given + " }\n    expect: { " + expect + " }\n";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            client: cursor, server: figma                   | decision: allow
            client: cursor, server: figma                   | decision: allow, connection: eng, scopes: [read], ttl: 2m
            client: cursor, server: figma                   | decision: allow, reason: 'allowed:eng'
            client: cursor, server: figma, scopes: [read]   | decision: allow, reason: allowed
            client: cursor, server: figma, scopes: [write]  | decision: deny, reason: scope-not-allowed, connection: eng
            client: claude, server: plain                   | decision: deny, reason: no-connection
            client: cursor, server: figma, at: 2020-12-31T23:59:59Z | decision: allow
            client: cursor, server: figma, at: 2021-01-01T00:00:00Z | decision: deny, reason: connection-expired
            client: cursor, server: plain, at: 2021-01-01T17:00:00Z | decision: allow, scopes: []
            client: cursor, server: plain, at: 2021-01-01T18:00:00Z | decision: deny, reason: condition-false
            client: cursor, server: plain                   | decision: deny, reason: condition-error
            """)
    void aTestThatHoldsLetsTheFileLoad(String given, String expect) {
        Policy policy = Example.load(test(ENGINEER + ", " + given, expect));

        assertThat(policy.tests()).singleElement().satisfies(result -> {
            assertThat(result.name()).isEqualTo("it");
            assertThat(result.passed()).isTrue();
            assertThat(result.detail()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            groups: [engineering], acr: phr, authAge: 9h, department: x     | assurance-too-low
            groups: [engineering], acr: pwd, authAge: 1h, department: x     | assurance-too-low
            groups: [engineering], acr: phr, authAge: 1h, department: finance | condition-false
            groups: [engineering], acr: phr, authAge: 1h, department: [a, b] | condition-error
            groups: [engineering], acr: phr, authAge: 1h                    | condition-error
            groups: [sales]                                                 | user-not-in-group
            groups: [admins]                                                | denied-by-rule
            groups: [admins], idp: corp                                     | 'denied-by-rule:no-admins'
            """)
    void aTestSaysEverythingAboutItsUser(String user, String reason) {
        Policy policy = Example.load(test(
                "user: { " + user + " }, sessionAge: 1h, client: cursor, server: figma",
                "decision: deny, reason: " + (reason.contains(":") ? "'" + reason + "'" : reason)));

        assertThat(policy.tests()).allMatch(TestResult::passed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            decision: deny | expected denied, but it is allowed by eng with scopes [read] for 120s
            decision: allow, connection: other | expected allowed by connection other, but it is allowed by eng
            decision: allow, scopes: [read, write] | expected allowed with scopes [read write], but it is allowed by eng with scopes [read]
            decision: allow, ttl: 5m | expected allowed for 300s, but it is allowed by eng with scopes [read] for 120s
            decision: allow, reason: client-disabled | expected allowed for client-disabled, but it is allowed by eng
            """)
    void aTestThatFailsKeepsTheFileOutAndSaysWhatCame(String expect, String message) {
        String file = test(ENGINEER + ", client: cursor, server: figma", expect);
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load(file));

        assertThat(invalid.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.message()).startsWith("test \"it\" fails: ").contains(message);
            assertThat(file.lines().toList().get(finding.line() - 1)).startsWith("  - name: it");
            assertThat(finding.column()).isEqualTo(5);
        });
    }

    @Test
    void aRefusalThatWasExpectedOtherwiseIsNamedWithItsDetail() {
        PolicyInvalid invalid = catchThrowableOfType(
                PolicyInvalid.class,
                () -> Example.load(test("user: {}, client: cursor, server: figma", "decision: allow")));

        assertThat(invalid.findings().getFirst().message())
                .isEqualTo("test \"it\" fails: expected allowed, but it is denied for user-not-in-group"
                        + " (user-not-in-group at connection eng)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user: {}, client: ^cursr, server: figma|no client is called `cursr`; did you mean `cursor`?",
                "user: {}, client: cursor, server: ^figm|no server is called `figm`; did you mean `figma`?",
                "user: { ^departmnt: x }, client: cursor, server: figma|maps no claim to `departmnt`; did you mean `department`?",
                "user: { idp: ^other }, client: cursor, server: figma|users of client cursor log in at corp",
                "user: {}, client: cursor, server: figma, ^audience: x|unknown key `audience`",
            })
    void whatATestIsAboutMustExist(String given) {
        String[] parts = given.split("\\|", 2);
        String file = test(parts[0].replace("^", ""), "decision: deny");
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load(file));

        assertThat(invalid.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.message()).contains(parts[1]);
            assertThat(finding.column()).isEqualTo("    given: { ".length() + parts[0].indexOf('^') + 1);
        });
    }

    @Test
    void aDeniedRequestIsGivenNothing() {
        PolicyInvalid invalid = catchThrowableOfType(
                PolicyInvalid.class,
                () -> Example.load(test("user: {}, client: cursor, server: figma", "decision: deny, scopes: [read]")));

        assertThat(invalid.findings())
                .extracting(Finding::message)
                .containsExactly("a denied request is given nothing: remove the key");
    }

    @Test
    void allResultsStandInTheOrderOfTheFile() {
        String one =
                "  - { name: %s, given: { user: {}, client: cursor, server: figma }, expect: { decision: deny } }\n";
        Policy policy = Example.load(BASE + "tests:\n" + one.formatted("b") + one.formatted("a"));

        assertThat(policy.tests()).extracting(TestResult::name).containsExactly("b", "a");
        assertThat(policy.tests().get(1).line()).isEqualTo(policy.tests().get(0).line() + 1);
    }
}
