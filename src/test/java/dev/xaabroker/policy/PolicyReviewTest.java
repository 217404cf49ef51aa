package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy is read where its secrets are not. */
class PolicyReviewTest {

    @TempDir
    Path directory;

    @Test
    void theRevisionIsTheOneThatTheBrokerWillHave() throws Exception {
        Path file = Files.copy(Path.of("policies/samples/company.yaml"), directory.resolve("policy.yaml"));
        Policy reviewed = PolicyReader.reviewing(false).read(file);
        Example.writeKeys(directory.resolve("keys"));

        Policy served = Example.read(file);

        assertThat(reviewed.revision()).isEqualTo(served.revision()).isNotEmpty();
        assertThat(reviewed.canonical()).isEqualTo(served.canonical());
    }

    @Test
    void itDecidesAsTheBrokerWill() {
        Random random = new Random(20261121);
        for (int i = 0; i < 50; i++) {
            String file = RandomWorld.draw(random).file();
            Policy served = Example.load(file);
            Policy reviewed = review(file);
            for (int j = 0; j < 20; j++) {
                Policy.Query query = RandomWorld.query(served, random);
                Identity user = RandomWorld.user(random, query.at());

                assertThat(reviewed.decide(query, user)).isEqualTo(served.decide(query, user));
            }
        }
    }

    @Test
    void aReferenceThatIsNoneIsFoundWithoutFollowingAny() {
        for (String wrong : new String[] {"hunter2", "env:", "env:A-B", "file:", "vault:secret/x"}) {
            assertThatThrownBy(() -> review(Example.exchange(
                            "auth: { method: client_secret_post, secret: env:SECRET",
                            "auth: { method: client_secret_post, secret: \"" + wrong + "\"")))
                    .isInstanceOf(PolicyInvalid.class)
                    .hasMessageContaining("policy.yaml:16:49: `secret` must be a reference")
                    .hasMessageNotContaining("hunter2");
        }
    }

    /** Should such a policy ever be asked to serve. */
    @Test
    @Rules({"K5"})
    void whatStandsForAKeySignsNothing() throws Exception {
        Policy reviewed = PolicyReader.reviewing(false).read(Path.of("policies/samples/company.yaml"));

        assertThat(reviewed.signingKeys()).hasSize(2);
        Signature signature = Signature.getInstance("SHA256withRSA");
        assertThatThrownBy(() ->
                        signature.initSign(reviewed.signingKeys().getFirst().privateKey()))
                .isInstanceOf(java.security.InvalidKeyException.class);
        assertThat(reviewed.canonical()).contains("file:keys/figma.pem").contains("env:PAYROLL_SECRET");
    }

    private Policy review(String text) {
        return PolicyReader.reviewing(false).read("policy.yaml", text, directory);
    }
}
