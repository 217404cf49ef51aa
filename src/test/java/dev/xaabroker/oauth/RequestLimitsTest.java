package dev.xaabroker.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

    private final RequestLimits limits = new RequestLimits(new OAuthConfig() {
        @Override
        public String issuer() {
            return "https://broker.example";
        }

        @Override
        public int requestsPerClientPerMinute() {
            return 3;
        }

        @Override
        public int requestsPerSourcePerMinute() {
            return 5;
        }

        @Override
        public int failuresPerSourcePerMinute() {
            return 2;
        }
    });

    @Test
    @Rules("K7")
    void limitsOneClientAndLeavesAnotherAlone() {
        for (int i = 0; i < 3; i++) {
            limits.authenticated("cursor");
        }

        Failure failure = catchThrowableOfType(Refusal.class, () -> limits.authenticated("cursor"))
                .failure();
        assertThat(failure).isInstanceOfSatisfying(Failure.TooMany.class, many -> assertThat(many.retryAfter())
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(61)));
        assertThatCode(() -> limits.authenticated("vscode")).doesNotThrowAnyException();
    }

    @Test
    @Rules("K7")
    void limitsOneSourceAndLeavesAnotherAlone() {
        for (int i = 0; i < 5; i++) {
            limits.request("192.0.2.1");
        }

        assertThat(catchThrowableOfType(Refusal.class, () -> limits.request("192.0.2.1")))
                .isNotNull();
        assertThatCode(() -> limits.request("192.0.2.2")).doesNotThrowAnyException();
    }

    @Test
    @Rules("K7")
    void shutsOutWhoeverKeepsFailingToAuthenticateFromOneSourceAndNobodyElse() {
        limits.failed("192.0.2.1", "cursor");
        assertThatCode(() -> limits.authenticating("192.0.2.1", "cursor")).doesNotThrowAnyException();

        limits.failed("192.0.2.1", "cursor");

        assertThat(catchThrowableOfType(Refusal.class, () -> limits.authenticating("192.0.2.1", "cursor")))
                .isNotNull();
        assertThatCode(() -> limits.authenticating("192.0.2.1", "vscode")).doesNotThrowAnyException();
        assertThatCode(() -> limits.authenticating("192.0.2.2", "cursor")).doesNotThrowAnyException();
    }
}
