package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FIGMA;
import static dev.xaabroker.policy.Example.NOW;
import static dev.xaabroker.policy.Example.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code when} may say, and what becomes of it. */
class ConditionTest {

    private static Policy when(String condition) {
        return Example.load(file(condition));
    }

    private static String file(String condition) {
        return Example.exchange(
                        "claims: { groups: groups }", "claims: { groups: groups, department: dept, team: team }")
                .replace(
                        "    owner: eng-owner\n",
                        "    owner: eng-owner\n    when: '" + condition.replace("'", "''") + "'\n");
    }

    private static Identity user(String department, String... teams) {
        Map<String, List<String>> attributes = new HashMap<>();
        if (!department.isEmpty()) {
            attributes.put("department", List.of(department.split(",")));
        }
        attributes.put("team", List.of(teams));
        return new Identity(
                new User("u"), null, Set.of("engineering"), attributes, "phr", NOW.minus(Duration.ofMinutes(10)));
    }

    private static String ask(String condition, Identity user) {
        Policy policy = when(condition);
        return reason(
                policy.decide(Example.ask(policy, "cursor", FIGMA).inSession(NOW.minus(Duration.ofHours(2))), user));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user.department != \"finance\"",
                "user.department in [\"r&d\", \"it\"]",
                "user.groups[0] == \"engineering\" && user.groups == [\"engineering\"]",
                "user.values.team != [] && [] != user.groups",
                "\"engineering\" in user.groups",
                "user.groups.exists(g, g.startsWith(\"eng\"))",
                "user.values.team.all(t, t.size() == 1)",
                "\"a\" in user.values.team && !(\"c\" in user.values.team)",
                "has(user.team) && has(user.values.department)",
                "user.acr == \"phr\" && user.authAge <= duration(\"10m\")",
                "user.idp == \"corp\" && client.idp == user.idp",
                "client.id == \"cursor\" && client.owner == \"dev-tools\"",
                "server.name == \"figma\" && server.tier == \"internal\" && server.owner == \"design-ops\"",
                "server.resource.endsWith(\"/mcp\")",
                "session.age == duration(\"2h\")",
                "request.time < timestamp(\"2027-01-01T00:00:00Z\")",
                "request.time.getHours() == 10 && request.time.getHours(\"Europe/Berlin\") == 12",
                "request.time.getDayOfWeek() == 2",
                "request.scopes.size() == 0",
                "user.department == \"it\" ? false : true",
                "true"
            })
    void aConditionThatHoldsGrants(String condition) {
        assertThat(ask(condition, user("r&d", "a", "b"))).isEqualTo("allowed:eng");
    }

    @Test
    void aConditionThatDoesNotHoldDenies() {
        assertThat(ask("user.department != \"finance\"", user("finance"))).isEqualTo("condition-false");
        assertThat(ask("false", user("r&d"))).isEqualTo("condition-false");
    }

    @ParameterizedTest
    @Rules({"G1"})
    @CsvSource({
        "user.department != \"finance\",           user.department is not known",
        "!(\"x\" in user.values.department),       values.department is not known",
        "user.team != \"c\",                       user.team has several values: read user.values.team",
        "int(user.acr) > 0,                        ''",
        "user.groups[7] == \"x\",                   ''",
        "timestamp(user.acr) < request.time,       ''",
    })
    void whatIsNotKnownDeniesWhicheverWayItIsAsked(String condition, String why) {
        Policy policy = when(condition);
        Decision decision = policy.decide(Example.ask(policy, "cursor", FIGMA), user("", "a", "b"));

        Failure.Denied denied = Example.denied(decision);
        assertThat(denied.reason()).isEqualTo("condition-error");
        assertThat(denied.rule()).isEqualTo("eng");
        assertThat(denied.detail()).isEqualTo("condition-error at connection eng" + (why.isEmpty() ? "" : ": " + why));
        assertThat(denied.owner()).contains("eng-owner");
    }

    @Test
    void anUnknownAcrLoginOrSessionDenies() {
        Identity bare = new Identity(new User("u"), null, Set.of("engineering"), Map.of(), null, null);

        for (String condition :
                List.of("user.acr != \"x\"", "user.authAge >= duration(\"0s\")", "session.age >= duration(\"0s\")")) {
            Policy policy = when(condition);
            assertThat(reason(policy.decide(Example.ask(policy, "cursor", FIGMA), bare)))
                    .as(condition)
                    .isEqualTo("condition-error");
        }
        assertThat(ask("!has(user.acr) && !has(user.department)", bare)).isEqualTo("allowed:eng");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user.departmnt == "x"                        | 5 | there is no attribute `departmnt`; did you mean `department`?
            user.values.tem == []                        | 12 | there is no attribute `tem`
            client.secret == "x"                         | 7 | there is no attribute `secret`
            usr.department == "x"                        | 1 | undeclared reference to 'usr'
            user.department == 1                         | 17 | `==` compares a string with an int
            user.department ==                           | 19 | Syntax error
            user.groups == "x"                           | 13 | `==` compares a list with a string
            user.department != null                      | 17 | `!=` compares a string with null
            1 in user.groups                             | 3 | found no matching overload
            user.department in [1]                       | 17 | found no matching overload
            user.department.matches("a*")                | 24 | `matches` is not available
            user.groups.map(g, g) == user.groups         | 16 | `map` is not available
            user.groups.exists(g, g in user.groups)      | 32 | a list of claims or scopes within exists or all
            user.groups.exists(g, ["a"].exists(h, h==g)) | 35 | exists or all within exists or all
            {"a": 1}.size() == 1                         | 1 | maps and messages are not available
            dyn(user.department) == 1                    | 4 | `dyn` is not available
            [1, "a"].size() == 2                         | 5 | expected type
            user.department                              | 0 | must say yes or no
            """)
    void aConditionThatCannotBeRightIsFoundAtLoad(String condition, int character, String message) {
        Finding finding = finding(condition);

        assertThat(finding.message()).startsWith("`when` ").contains(message);
        if (character > 0) {
            assertThat(finding.message()).contains("is wrong at character " + character + ":");
        }
        assertThat(finding.line())
                .isEqualTo(1
                        + (int) file(condition)
                                .substring(0, file(condition).indexOf("when: "))
                                .chars()
                                .filter(c -> c == '\n')
                                .count());
        assertThat(finding.column()).isEqualTo(11);
    }

    @Test
    void aConditionThatCouldRunForLongIsFoundAtLoad() {
        assertThat(finding("true" + " || true".repeat(200)).message()).contains("is longer than 1000 characters");
        assertThat(finding("(".repeat(21) + "true" + ")".repeat(21)).message()).contains("nests more than 20 brackets");
        assertThat(ask("(".repeat(20) + "true" + ")".repeat(20), user("x"))).isEqualTo("allowed:eng");
    }

    /** The worst that fits the bounds: the longest text over the longest list. Generous, for a busy machine. */
    @Test
    void theWorstConditionIsEvaluatedInMilliseconds() {
        String body = IntStream.range(0, 40)
                .mapToObj(i -> "g.contains(\"zz" + i + "\")")
                .collect(Collectors.joining(" || "));
        Policy policy = when("user.groups.exists(g, " + body + ")");
        Set<String> groups =
                IntStream.range(0, 2_000).mapToObj(i -> "group-" + i).collect(Collectors.toSet());
        groups.add("engineering");
        Identity crowded = new Identity(new User("u"), null, groups, Map.of(), null, null);

        Instant start = Instant.now();
        assertThat(reason(policy.decide(Example.ask(policy, "cursor", FIGMA), crowded)))
                .isEqualTo("condition-false");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aConditionIsNotLookedAtForScopesThatTheConnectionDoesNotGive() {
        Policy policy = when("user.department == \"r&d\"");

        assertThat(reason(policy.decide(Example.ask(policy, "cursor", FIGMA, "admin"), user(""))))
                .isEqualTo("scope-not-allowed");
    }

    @Test
    void aNameThatMeansSomethingElseInPolicyIsNoNameForAClaim() {
        PolicyInvalid invalid = catchThrowableOfType(
                PolicyInvalid.class, () -> Example.with("claims: { groups: groups }", "claims: { acr: x, groups: g }"));

        assertThat(invalid.findings())
                .extracting(Finding::message)
                .containsExactly("`acr` is known without being mapped: remove it, or rename it");
    }

    private static Finding finding(String condition) {
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> when(condition));
        assertThat(invalid).as(condition).isNotNull();
        assertThat(invalid.findings()).hasSize(1);
        return invalid.findings().getFirst();
    }
}
