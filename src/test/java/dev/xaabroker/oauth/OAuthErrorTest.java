package dev.xaabroker.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthErrorTest {

    @ParameterizedTest
    @CsvSource({
        "CLIENT_DISABLED, unauthorized_client",
        "CLIENT_KILLED, unauthorized_client",
        "SERVER_UNKNOWN, invalid_target",
        "SERVER_DISABLED, invalid_target",
        "IDP_DISABLED, invalid_grant",
        "SESSION_UNKNOWN, invalid_grant",
        "SESSION_ENDED, invalid_grant",
        "USER_KILLED, invalid_grant",
        "RESOURCE_MISMATCH, invalid_target",
        "DENIED_BY_RULE, invalid_target",
        "NO_CONNECTION, invalid_target",
        "CONNECTION_EXPIRED, invalid_target",
        "USER_NOT_IN_GROUP, invalid_target",
        "SCOPE_NOT_ALLOWED, invalid_scope"
    })
    @Rules({"A3", "G5"})
    void saysEachReasonInOAuth(Reason reason, String error) {
        OAuthError answer = OAuthError.of(Failure.Denied.of(reason, "text"));

        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason()).startsWith(reason.code());
    }

    @ParameterizedTest
    @CsvSource({
        "IDP, access_denied, invalid_target",
        "IDP, invalid_target, invalid_target",
        "IDP, unauthorized_client, invalid_target",
        "IDP, invalid_scope, invalid_scope",
        "RAS, access_denied, invalid_target",
        "RAS, invalid_scope, invalid_scope"
    })
    @Rules({"B10", "E10"})
    void turnsADenialByAPeerIntoARefusalAndNeverIntoALogin(Failure.Hop hop, String upstream, String error) {
        OAuthError answer = OAuthError.of(new Failure.PeerDenied(hop, "corp", upstream, "private words"));

        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.description()).doesNotContain("private words");
    }

    @Test
    @Rules("B11")
    void passesOnTheStepUpThatTheIdpAskedFor() {
        OAuthError answer =
                OAuthError.of(new Failure.StepUp("idp-step-up", "phr", 600, Optional.empty(), "private words"));

        assertThat(answer.error()).isEqualTo("insufficient_user_authentication");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.acrValues()).isEqualTo("phr");
        assertThat(answer.maxAge()).isEqualTo(600);
    }

    @Test
    void tellsWhenToComeBack() {
        OAuthError down = OAuthError.of(new Failure.Unavailable("idp", Duration.ofSeconds(7), "private words"));
        OAuthError many = OAuthError.of(new Failure.TooMany(Duration.ofSeconds(3), "private words"));

        assertThat(down.status()).isEqualTo(503);
        assertThat(down.retryAfter()).hasValue(Duration.ofSeconds(7));
        assertThat(many.status()).isEqualTo(429);
        assertThat(many.error()).isEqualTo("temporarily_unavailable");
    }
}
