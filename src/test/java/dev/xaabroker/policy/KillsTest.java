package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FIGMA;
import static dev.xaabroker.policy.Example.reason;
import static dev.xaabroker.policy.Example.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Kills;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What security has shut, as the policy hears of it with the question. */
class KillsTest {

    private static final String SECOND = Example.FILE + """
              - id: eng-too
                clients: [cursor]
                servers: [figma]
                users: { groups: [engineering] }
                scopes: [write]
            """;

    private static Kills kill(String kind, String name) {
        return new Kills(
                kind.equals("user") ? Set.of(name) : Set.of(),
                kind.equals("client") ? Set.of(name) : Set.of(),
                kind.equals("server") ? Set.of(name) : Set.of(),
                kind.equals("connection") ? Set.of(name) : Set.of());
    }

    @ParameterizedTest
    @Rules("G1")
    @CsvSource({
        "client, cursor, client-killed",
        "client, claude, allowed:eng",
        "server, figma, server-killed",
        "server, plain, allowed:eng",
        "user, u, user-killed",
        "user, other, allowed:eng",
        "connection, eng, connection-killed",
        "connection, other, allowed:eng"
    })
    void whatIsShutIsRefusedAndNothingElse(String kind, String name, String reason) {
        Policy policy = Example.load(Example.FILE);
        Policy.Query query = Example.ask(policy, "cursor", FIGMA, "read").under(kill(kind, name));

        Decision decision = policy.decide(query, user("engineering"));

        assertThat(reason(decision)).isEqualTo(reason);
        assertThat(policy.explain(query, Optional.of(user("engineering"))).decision())
                .isEqualTo(decision);
    }

    @ParameterizedTest
    @Rules("G1")
    @CsvSource({"client, cursor", "server, figma", "connection, eng"})
    void whatNeedsNoUserIsRefusedBeforeAnyoneIsAsked(String kind, String name) {
        Policy policy = Example.load(Example.FILE);

        assertThat(policy.beforeUser(
                        Example.ask(policy, "cursor", FIGMA, "read").under(kill(kind, name))))
                .get()
                .extracting(Example::reason)
                .isEqualTo(kind + "-killed");
    }

    @Test
    void anotherConnectionStillGivesWhatItGives() {
        Policy policy = Example.load(SECOND);
        Policy.Query query = Example.ask(policy, "cursor", FIGMA).under(kill("connection", "eng"));

        assertThat(reason(policy.decide(query, user("engineering")))).isEqualTo("allowed:eng-too");
    }

    @Test
    void theTraceTellsWhatWasAskedForAndWhatWasNot() {
        Policy policy = Example.load(Example.FILE);
        Policy.Query file = Example.ask(policy, "cursor", FIGMA, "read");

        assertThat(outcome(policy, file, "client-killed")).isEqualTo(Outcome.NOT_REACHED);
        assertThat(outcome(policy, file.under(Kills.NONE), "client-killed")).isEqualTo(Outcome.PASSED);
        assertThat(outcome(policy, file.under(kill("connection", "eng")), "connection-killed"))
                .isEqualTo(Outcome.FAILED);
        assertThat(outcome(policy, file.under(kill("user", "u")), "user-killed"))
                .isEqualTo(Outcome.FAILED);
    }

    private static Outcome outcome(Policy policy, Policy.Query query, String check) {
        return policy.explain(query, Optional.of(user("engineering"))).steps().stream()
                .filter(step -> step.check().equals(check))
                .findFirst()
                .orElseThrow()
                .outcome();
    }
}
