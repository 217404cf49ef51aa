package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Scopes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What holds for every policy and every question. Each property is held against a twentieth of the 100,000 cases that it
 * should hold for; all of them: {@code ./mvnw test -Dtest=PolicyPropertyTest -Dxaa.runs=100000}.
 */
class PolicyPropertyTest {

    private static final int QUESTIONS = 50;
    private static final int POLICIES = Integer.getInteger("xaa.runs", 5_000) / QUESTIONS;

    private interface Property {
        void check(RandomWorld world, Policy policy, Policy.Query query, Identity user);
    }

    private static void forAll(long seed, Property property) {
        Random random = new Random(seed);
        for (int i = 0; i < POLICIES; i++) {
            RandomWorld world = RandomWorld.draw(random);
            Policy policy = Example.load(world.file());
            for (int j = 0; j < QUESTIONS; j++) {
                Policy.Query query = RandomWorld.query(policy, random);
                property.check(world, policy, query, RandomWorld.user(random, query.at()));
            }
        }
    }

    @Test
    @Rules({"G1", "G5"})
    void theTableDecidesAsTheNaiveEvaluatorDoes() {
        Map<String, Integer> seen = new HashMap<>();
        forAll(20260901, (world, policy, query, user) -> {
            String expected = new NaiveEvaluator(world).decide(query, user);
            seen.merge(expected.replaceFirst(":.*", ""), 1, Integer::sum);

            assertThat(line(policy.decide(query, user)))
                    .as("%s%n%s%n%s groups=%s", world.file(), query, user.acr(), user.groups())
                    .isEqualTo(expected);
        });
        assertThat(seen.keySet())
                .as("every reason is met often enough to mean something")
                .contains(
                        "client-disabled",
                        "server-unknown",
                        "server-disabled",
                        "idp-disabled",
                        "resource-mismatch",
                        "denied-by-rule",
                        "no-connection",
                        "connection-disabled",
                        "connection-expired",
                        "user-not-in-group",
                        "scope-not-allowed",
                        "assurance-too-low",
                        "condition-false",
                        "condition-error",
                        "allowed");
        assertThat(seen.values()).allMatch(count -> count > 10);
    }

    @Test
    @Rules({"G1"})
    void theExplanationDecidesAsTheDecisionDoesAndNamesTheStepThatDidIt() {
        forAll(11, (world, policy, query, user) -> {
            Decision decision = policy.decide(query, user);
            Explanation explanation = policy.explain(query, Optional.of(user));

            assertThat(explanation.decision()).isEqualTo(decision);
            List<Step> steps = explanation.steps();
            if (decision instanceof Decision.Allowed allowed) {
                assertThat(steps.stream()
                                .filter(step -> step.check().equals("allowed") && step.outcome() == Outcome.PASSED)
                                .map(Step::subject))
                        .containsExactlyElementsOf(allowed.connections());
                assertThat(steps.stream().filter(step -> step.outcome() == Outcome.FAILED))
                        .as("only connections that are not needed")
                        .allMatch(step -> step.subject().startsWith("c")
                                && !allowed.connections().contains(step.subject()));
            } else {
                String reason = Example.reason(decision);
                assertThat(steps)
                        .anyMatch(step -> step.outcome() == Outcome.FAILED
                                && (reason.equals(step.check()) || reason.equals(step.check() + ":" + step.subject())));
                assertThat(steps.getLast().outcome()).isEqualTo(Outcome.NOT_REACHED);
            }
            assertThat(steps.stream()
                            .filter(step -> step.outcome() == Outcome.NOTED)
                            .count())
                    .isGreaterThanOrEqualTo(notes(decision).size());
        });
    }

    @Test
    void auditModeNeverWidensAndNeverNarrows() {
        Map<RandomWorld, Policy> loaded = new HashMap<>();
        forAll(42, (world, policy, query, user) -> {
            Policy without = loaded.computeIfAbsent(world.withoutAudit(), other -> Example.load(other.file()));

            assertThat(line(policy.decide(query, user))).isEqualTo(line(without.decide(query, user)));
        });
    }

    /** Whether the reason is about this user, and so may come before the one that holds for everybody. */
    private static boolean isAboutUser(Decision decision, RandomWorld world) {
        String reason = Example.reason(decision);
        return reason.equals("user-not-in-group")
                || world.denyRules().stream()
                        .anyMatch(rule -> reason.equals("denied-by-rule:" + rule.id())
                                && !rule.groups().isEmpty());
    }

    @Test
    @Rules({"G1"})
    void whatIsRefusedWithoutTheUserIsRefusedWithAnyUserForTheSameReasonOrAnEarlierOneAboutThem() {
        forAll(7, (world, policy, query, user) -> {
            Optional<Decision.Refused> before = policy.beforeUser(query);
            Decision decision = policy.decide(query, user);

            if (before.isPresent() && !isAboutUser(decision, world)) {
                assertThat(Example.reason(decision)).isEqualTo(Example.reason(before.get()));
            }
            before.ifPresent(refused -> assertThat(decision).isInstanceOf(Decision.Refused.class));
        });
    }

    @Test
    @Rules({"G1"})
    void whatNeedsNoUserIsFoundBeforeTheUserIsKnownWhateverIsOnTrial() {
        Set<Reason> withoutUser = Set.of(
                Reason.CLIENT_DISABLED,
                Reason.SERVER_UNKNOWN,
                Reason.SERVER_DISABLED,
                Reason.IDP_DISABLED,
                Reason.RESOURCE_MISMATCH,
                Reason.NO_CONNECTION,
                Reason.CONNECTION_DISABLED,
                Reason.CONNECTION_EXPIRED);
        forAll(8, (world, policy, query, user) -> {
            if (policy.decide(query, user) instanceof Decision.Refused(Failure failure, List<String> notes)
                    && failure instanceof Failure.Denied denied
                    && withoutUser.contains(denied.code())) {
                assertThat(policy.beforeUser(query).map(Example::reason)).contains(denied.reason());
            }
        });
    }

    @Test
    void theOrderOfRulesInTheFileIsWithoutMeaning() {
        Map<RandomWorld, Policy> loaded = new HashMap<>();
        forAll(9, (world, policy, query, user) -> {
            RandomWorld reversed = new RandomWorld(
                    world.status(),
                    world.connections().reversed(),
                    world.denyRules().reversed(),
                    world.idpOfClient());

            assertThat(loaded.computeIfAbsent(reversed, other -> Example.load(other.file()))
                            .decide(query, user))
                    .isEqualTo(policy.decide(query, user));
        });
    }

    private static List<String> notes(Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed -> allowed.notes();
            case Decision.Refused refused -> refused.notes();
        };
    }

    private static String line(Decision decision) {
        if (decision instanceof Decision.Allowed allowed) {
            Scopes scopes = allowed.scopes();
            return "allowed:" + allowed.connections() + scopes.values()
                    + allowed.ttl().toMinutes();
        }
        return Example.reason(decision);
    }
}
