package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.User;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Claims that the IdP does not tell are not claims that are empty: a rule may take nothing for granted. */
class UnknownClaimsTest {

    private static final Identity UNTOLD =
            new Identity(new User("u"), null, Set.of("engineering"), Map.of(), null, null).claimsUnknown();
    private static final Identity IN_NO_GROUP = new Identity(new User("u"), null, Set.of(), Map.of(), null, null);
    private static final String ANYONE = Example.FILE.replace("users: { groups: [engineering] }", "users: any");

    private static Decision decide(String file, Identity user) {
        Policy policy = Example.load(file);
        return policy.decide(Example.ask(policy, "cursor", Example.FIGMA, "read"), user);
    }

    private static Failure.Denied refusal(Decision decision) {
        return (Failure.Denied) ((Decision.Refused) decision).failure();
    }

    @Test
    @Rules("G1")
    void aGroupsDenialIsAboutThem() {
        String file = ANYONE + "deny:\n  - { id: out, users: { groups: [leavers] } }\n";

        assertThat(refusal(decide(file, UNTOLD)).code()).isEqualTo(Reason.DENIED_BY_RULE);
        assertThat(decide(file, IN_NO_GROUP)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    @Rules("G1")
    void aGroupsConnectionIsNotForThemAndTheDetailSaysWhy() {
        Failure.Denied denied = refusal(decide(Example.FILE, UNTOLD));

        assertThat(denied.code()).isEqualTo(Reason.USER_NOT_IN_GROUP);
        assertThat(denied.detail()).contains("claims are unknown");
    }

    @Test
    void aConnectionForAnyoneIsForThem() {
        assertThat(decide(ANYONE, UNTOLD)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    @Rules("G1")
    void aConditionThatReadsThemFails() {
        String file = ANYONE.replace("scopes: [read]\n", "scopes: [read]\n    when: \"!('leavers' in user.groups)\"\n");

        assertThat(refusal(decide(file, UNTOLD)).code()).isEqualTo(Reason.CONDITION_ERROR);
        assertThat(decide(file, IN_NO_GROUP)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void aConditionThatReadsSomethingElseHolds() {
        String file = ANYONE.replace("scopes: [read]\n", "scopes: [read]\n    when: \"client.id == 'cursor'\"\n");

        assertThat(decide(file, UNTOLD)).isInstanceOf(Decision.Allowed.class);
    }
}
