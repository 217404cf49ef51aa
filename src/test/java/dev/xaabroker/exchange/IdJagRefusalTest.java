package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.IdentityProvider.Leg1;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerDenied;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.StepUp;
import dev.xaabroker.grant.Failure.Unavailable;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an IdP's refusal on leg 1 means (RULES B10, B11). */
class IdJagRefusalTest {

    private final World world = new World();
    private final SampleIdp idp = world.idp;

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @Rules({"B10"})
    @ValueSource(strings = {"invalid_grant", "invalid_request"})
    void aRefusedSubjectIsForTheCallerToRefresh(String error) {
        idp.instead = request -> Reply.error(400, error, "expired");

        assertThat(world.leg1())
                .isInstanceOfSatisfying(Leg1.SubjectRefused.class, refused -> assertThat(refused.detail())
                        .contains(error, "expired"));
        assertThat(idp.tokenRequests()).hasSize(1);
    }

    @ParameterizedTest
    @Rules({"B10"})
    @CsvSource({
        "400,access_denied",
        "403,access_denied",
        "400,invalid_target",
        "400,unauthorized_client",
        "400,invalid_scope"
    })
    void aDenialIsADenialAndIsNotRepeated(int status, String error) {
        idp.instead = request -> Reply.error(status, error, "");

        assertThat(World.failure(world::leg1)).isInstanceOfSatisfying(PeerDenied.class, denied -> {
            assertThat(denied.hop()).isEqualTo(Hop.IDP);
            assertThat(denied.error()).isEqualTo(error);
        });
        assertThat(idp.tokenRequests()).hasSize(1);
    }

    @Test
    @Rules({"B10"})
    void refusedCredentialsAreAnAlert() {
        idp.instead = request -> Reply.error(401, "invalid_client", "");

        try (Logged log = new Logged()) {
            assertThat(World.failure(world::leg1)).isInstanceOf(PeerFault.class);
            assertThat(log.errors()).hasSize(1);
        }
    }

    @ParameterizedTest
    @Rules({"B10"})
    @ValueSource(ints = {429, 503, 502})
    void aBusyIdpIsUnavailableForAsLongAsItSays(int status) {
        idp.instead = request -> Reply.error(status, "busy", "").with("Retry-After", "42");

        assertThat(World.failure(world::leg1)).isInstanceOfSatisfying(Unavailable.class, failure -> {
            assertThat(failure.part()).isEqualTo("idp");
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(42));
        });
    }

    @Test
    @Rules({"B10"})
    void anIdpThatHangsUpIsUnavailable() {
        idp.instead = request -> Reply.HANG_UP;

        assertThat(World.failure(world::leg1)).isInstanceOf(Unavailable.class);
    }

    @Test
    @Rules({"B10"})
    void anErrorThatNobodyKnowsIsAFault() {
        idp.instead = request -> Reply.error(400, "unsupported_grant_type", "");

        assertThat(World.failure(world::leg1)).isInstanceOf(PeerFault.class);
    }

    @Test
    @Rules({"B11"})
    void passesOnWhatLoginTheIdpAsksFor() {
        idp.instead = request -> Reply.json(
                400, Map.of("error", "insufficient_user_authentication", "acr_values", "phr phrh", "max_age", 300));

        assertThat(World.failure(world::leg1)).isInstanceOfSatisfying(StepUp.class, stepUp -> {
            assertThat(stepUp.acrValues()).isEqualTo("phr phrh");
            assertThat(stepUp.maxAgeSeconds()).isEqualTo(300);
        });
    }

    @Test
    @Rules({"B11"})
    void aStepUpWithoutDetailsIsStillAStepUp() {
        idp.instead = request -> Reply.json(
                401, Map.of("error", "insufficient_user_authentication", "acr_values", 1, "max_age", "soon"));

        assertThat(World.failure(world::leg1)).isInstanceOfSatisfying(StepUp.class, stepUp -> {
            assertThat(stepUp.acrValues()).isEmpty();
            assertThat(stepUp.maxAgeSeconds()).isNegative();
        });
    }
}
