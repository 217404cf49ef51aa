package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FIGMA;
import static dev.xaabroker.policy.Example.allowed;
import static dev.xaabroker.policy.Example.ask;
import static dev.xaabroker.policy.Example.user;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicyRevisionTest {

    private static final Policy POLICY = Example.load(Example.FILE);

    @Test
    void layoutCommentsAndKeyOrderAreNoChange() {
        String other = "# a comment\n"
                + Example.FILE
                        .replace(
                                "apiVersion: xaa/v1\nkind: ManagedConnections\n",
                                "kind: \"ManagedConnections\"\n\napiVersion: xaa/v1\n")
                        .replace(
                                "{ tenant: acme, owner: it@acme.example }",
                                "\n  owner: it@acme.example\n  tenant: acme # who");

        assertThat(Example.load(other).revision()).isEqualTo(POLICY.revision()).matches("[0-9a-f]{64}");
    }

    @Test
    void anyContentIsAChange() {
        assertThat(Example.with("owner: eng-owner", "owner: eng-owner2").revision())
                .isNotEqualTo(POLICY.revision());
        assertThat(Example.with("[engineering]", "[engi, neering]").revision()).isNotEqualTo(POLICY.revision());
    }

    @Test
    void theFingerprintChangesWithWhatItCoversOnly() {
        String fingerprint = fingerprint(POLICY);

        assertThat(fingerprint(Example.with("owner: eng-owner", "owner: other")))
                .isEqualTo(fingerprint);
        assertThat(fingerprint(Example.with("resource: https://mcp.plain.example/", "resource: https://new.example/")))
                .isEqualTo(fingerprint);
        assertThat(fingerprint(Example.with("owner: eng-owner", "tokenTtl: 2m")))
                .isNotEqualTo(fingerprint);
        assertThat(fingerprint(Example.with("id: eng", "id: eng2"))).isNotEqualTo(fingerprint);
        assertThat(fingerprint(Example.with("scopes: [read]", "scopes: [read, write]")))
                .isNotEqualTo(fingerprint);
        assertThat(fingerprint(Example.with("https://auth.figma.example", "https://auth2.figma.example")))
                .isNotEqualTo(fingerprint);
    }

    private static String fingerprint(Policy policy) {
        return allowed(policy.decide(ask(policy, "cursor", FIGMA), user("engineering")))
                .fingerprint();
    }
}
