package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.broker.Probe.Verdict;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeTest {

    private static final Probe ENDED = probe(Reason.SESSION_ENDED, false);

    private static Probe probe(Reason at, boolean asksIdp) {
        return new Probe("p", at, asksIdp, () -> {
            throw new AssertionError();
        });
    }

    private static Failure denied(Reason reason) {
        return Failure.Denied.of(reason, "no");
    }

    private static Failure down(String part) {
        return new Failure.Unavailable(part, Duration.ofSeconds(1), "down");
    }

    @Test
    void isRefusedAtItsPlaceAlone() {
        assertThat(ENDED.judge(denied(Reason.SESSION_ENDED))).isEqualTo(Verdict.REFUSED);
        assertThat(ENDED.judge(denied(Reason.SERVER_DISABLED))).isEqualTo(Verdict.UNCLEAR);
        assertThat(ENDED.judge(denied(Reason.SESSION_UNKNOWN))).isEqualTo(Verdict.UNCLEAR);
    }

    /** The session did not stop it, and only luck did. */
    @Test
    void refusedBehindItsPlaceIsFailed() {
        assertThat(ENDED.judge(denied(Reason.USER_NOT_IN_GROUP))).isEqualTo(Verdict.FAILED);
        assertThat(ENDED.judge(new Failure.StepUp("assurance-too-low", "", -1, Optional.empty(), "")))
                .isEqualTo(Verdict.FAILED);
        assertThat(ENDED.judge(new Failure.SessionDead("invalid_grant"))).isEqualTo(Verdict.FAILED);
        assertThat(ENDED.judge(new Failure.NotSent(down("idp")))).isEqualTo(Verdict.FAILED);
        assertThat(ENDED.judge(new Failure.PeerDenied(Failure.Hop.RAS, "files", "access_denied", "")))
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void aStoreThatIsDownShowsNothingAndAPeerThatIsDownShowsThatItWasAsked() {
        assertThat(ENDED.judge(down("store"))).isEqualTo(Verdict.UNCLEAR);
        assertThat(ENDED.judge(down("idp"))).isEqualTo(Verdict.FAILED);
        assertThat(probe(Reason.SESSION_UNKNOWN, true).judge(down("idp"))).isEqualTo(Verdict.UNCLEAR);
    }
}
