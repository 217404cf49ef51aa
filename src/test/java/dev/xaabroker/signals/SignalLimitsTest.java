package dev.xaabroker.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.broker.SignalsConfig;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignalLimitsTest {

    private record Config(String address, int requestsPerSourcePerMinute) implements SignalsConfig {}

    private static HttpServerRequest from(String source) {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (self, method, arguments) -> SocketAddress.inetSocketAddress(443, source));
    }

    @Test
    @Rules("K7")
    void whoeverSendsTooMuchIsToldWhenToComeBackAndNobodyElseIs() {
        SignalLimits limits = new SignalLimits(new Config("https://broker.example", 3));
        for (int i = 0; i < 3; i++) {
            limits.request(from("192.0.2.1"));
        }

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> limits.request(from("192.0.2.1")));
        limits.request(from("192.0.2.2"));

        assertThat(Problem.of(refusal.failure())).satisfies(problem -> {
            assertThat(problem.status()).isEqualTo(429);
            assertThat(problem.retryAfter()).hasValueSatisfying(after -> assertThat(after)
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(22)));
        });
    }

    /** A sender repeats what was answered 503, and gives up on everything else. */
    @Test
    @Rules("H6")
    void whatMayPassIsSentAgain() {
        assertThat(Problem.of(new Failure.Unavailable("store", Duration.ofSeconds(2), "d"))
                        .status())
                .isEqualTo(503);
        assertThat(Problem.of(new Failure.PeerFault(Hop.IDP, "idp:corp", "no keys"))
                        .status())
                .isEqualTo(503);
        assertThat(Problem.of(Failure.Denied.of(Reason.POLICY_UNAVAILABLE, "no policy"))
                        .retryAfter())
                .isPresent();
        assertThat(Problem.of(new Failure.SessionDead("d")).status()).isEqualTo(500);
    }
}
