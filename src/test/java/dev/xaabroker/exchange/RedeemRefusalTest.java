package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.exchange.ResourceAuthorizationServer.Redemption;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerDenied;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a RAS's refusal on leg 2 means (RULES E4, E10). */
class RedeemRefusalTest {

    private final World world = new World();
    private final SampleRas ras = world.ras;

    @BeforeEach
    void haveMetadata() {
        world.resourceServer.confirm(world.server());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Failure tryAgain() {
        return ((Redemption.TryAgain) world.leg2()).otherwise();
    }

    @ParameterizedTest
    @Rules({"E4"})
    @ValueSource(ints = {500, 502, 503, 504})
    void aBrokenServerMayBeTriedWithANewIdJag(int status) {
        ras.instead = Reply.error(status, "oops", "").with("Retry-After", "9");

        assertThat(tryAgain()).isInstanceOfSatisfying(Unavailable.class, failure -> {
            assertThat(failure.part()).isEqualTo("ras");
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(9));
        });
        assertThat(ras.tokenRequests()).hasSize(1);
    }

    @Test
    @Rules({"E4"})
    void aLostAnswerMayBeTriedWithANewIdJagAndIsNotSentTwice() {
        ras.instead = Reply.HANG_UP;
        assertThat(tryAgain()).isInstanceOf(Unavailable.class);
        assertThat(ras.tokenRequests()).hasSize(1);

        world.timeout = Duration.ofMillis(200);
        ras.instead = Reply.NEVER;
        assertThat(tryAgain()).isInstanceOf(Unavailable.class);
        assertThat(ras.tokenRequests()).hasSize(2);
    }

    @Test
    @Rules({"E4"})
    void aServerThatIsNotThereMayBeTriedAgain() {
        ras.close();

        assertThat(tryAgain()).isInstanceOf(Unavailable.class);
    }

    @Test
    @Rules({"E4", "D11"})
    void aRefusedIdJagMayBeTriedAnewWithRefreshedMetadata() {
        ras.instead = Reply.error(400, "invalid_grant", "replayed");

        assertThat(tryAgain()).isInstanceOfSatisfying(PeerDenied.class, denied -> {
            assertThat(denied.hop()).isEqualTo(Hop.RAS);
            assertThat(denied.error()).isEqualTo("invalid_grant");
        });
        assertThat(ras.metadataRequests()).isEqualTo(1);

        world.resourceServer.confirm(world.server());
        assertThat(ras.metadataRequests()).isEqualTo(2);
    }

    @Test
    @Rules({"E10"})
    void tooManyRequestsIsUnavailable() {
        ras.instead = Reply.error(429, "slow_down", "").with("Retry-After", "30");

        assertThat(World.failure(world::leg2))
                .isInstanceOfSatisfying(Unavailable.class, failure -> assertThat(failure.retryAfter())
                        .isEqualTo(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @Rules({"E10"})
    @CsvSource({"400,access_denied", "403,access_denied", "400,invalid_target", "400,invalid_scope"})
    void aDenialIsADenial(int status, String error) {
        ras.instead = Reply.error(status, error, "");

        assertThat(World.failure(world::leg2)).isInstanceOfSatisfying(PeerDenied.class, denied -> {
            assertThat(denied.hop()).isEqualTo(Hop.RAS);
            assertThat(denied.error()).isEqualTo(error);
        });
    }

    @ParameterizedTest
    @Rules({"E10"})
    @ValueSource(strings = {"unsupported_grant_type", "unauthorized_client"})
    void aServerThatDoesNotSupportTheGrantIsNotCapable(String error) {
        ras.instead = Reply.error(400, error, "");

        assertThat(World.failure(world::leg2))
                .isInstanceOfSatisfying(
                        PeerFault.class, fault -> assertThat(fault.detail()).contains("not capable"));
    }

    @Test
    @Rules({"E10"})
    void aServerThatWantsDpopIsAFault() {
        ras.instead = Reply.error(400, "use_dpop_nonce", "").with("DPoP-Nonce", "n-1");

        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
        assertThat(ras.tokenRequests()).hasSize(1);
    }

    @ParameterizedTest
    @Rules({"E10"})
    @ValueSource(ints = {400, 401})
    void refusedCredentialsAreAnAlertAndTheServerIsLeftAlone(int status) {
        ras.instead = Reply.error(status, "invalid_client", "unknown client");

        try (Logged log = new Logged()) {
            assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
            assertThat(log.errors()).hasSize(1).first().asString().contains("alert", "server=figma");
        }
        assertThat(World.failure(() -> world.resourceServer.confirm(world.server())))
                .isInstanceOf(PeerFault.class);
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
        assertThat(ras.tokenRequests()).hasSize(1);
    }

    @Test
    @Rules({"E10"})
    void aMinuteLaterItIsTriedAgain() {
        openCircuit();

        world.clock.forward(Duration.ofSeconds(60));

        assertThat(world.leg2()).isInstanceOf(Redemption.Redeemed.class);
    }

    @Test
    @Rules({"E10"})
    void metadataThatChangedCloseTheCircuit() {
        openCircuit();

        ras.metadata.put("token_endpoint_auth_methods_supported", java.util.List.of("client_secret_basic"));

        assertThat(world.leg2()).isInstanceOf(Redemption.Redeemed.class);
    }

    @Test
    @Rules({"E10"})
    void newCredentialsInTheFileAreTriedAtOnce() {
        openCircuit();

        world.atRas = new Credentials.SecretBasic("broker-at-ras", Secret.of("the-right-secret"));

        assertThat(world.leg2()).isInstanceOf(Redemption.Redeemed.class);
    }

    @Test
    @Rules({"E10"})
    void neverRepeatsTheAssertionOrTheSecret() {
        ras.instead = Reply.error(400, "invalid_request", "bad assertion id-jag-canary-0123456789");
        assertThat(World.failure(world::leg2).detail()).doesNotContain("canary");

        ras.instead = Reply.error(400, "invalid_request", "bad secret ras-secret-canary");
        assertThat(World.failure(world::leg2).detail()).doesNotContain("canary");
    }

    private void openCircuit() {
        ras.instead = Reply.error(401, "invalid_client", "");
        World.failure(world::leg2);
        ras.instead = null;
    }
}
