package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure.Denied;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.util.Map;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdentifyTest {

    private final World world = new World();
    private final SampleIdp idp = world.idp;

    @AfterEach
    void close() {
        world.close();
    }

    private Identity identify(String idToken) {
        return world.identityProvider.identify(world.idpEntry(), world.client(), Secret.of(idToken));
    }

    private void assertDenied(String idToken) {
        assertThat(World.failure(() -> identify(idToken))).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.code()).isEqualTo(Reason.SESSION_UNKNOWN);
            assertThat(denied.text()).doesNotContain(idToken);
        });
    }

    @Test
    @Rules({"B6"})
    void namesTheUserOfAnIdTokenIssuedToThisClient() {
        assertThat(identify(idp.idToken()).user()).isEqualTo(world.user());
    }

    @Test
    @Rules({"B6"})
    void refusesAnIdTokenOfAnotherClient() {
        idp.idTokenClaims = claims -> claims.setAudience("claude-at-idp");

        assertDenied(idp.idToken());
    }

    @Test
    @Rules({"B6"})
    void refusesWhatAnotherIssuerOrNobodySigned() {
        String forged = new Signer("idp-1").sign(Map.of(), new org.jose4j.jwt.JwtClaims());

        assertDenied(forged);
        assertDenied("not-a-jwt");
        assertThat(idp.tokenRequests()).isEmpty();
    }

    @Test
    void refusesAnIdTokenThatIsMoreThanFiveMinutesOld() {
        idp.idTokenClaims =
                claims -> claims.setExpirationTime(NumericDate.fromMilliseconds(world.clock.millis() + 3_600_000));
        String idToken = idp.idToken();

        world.clock.forward(Duration.ofMinutes(5));
        assertThat(identify(idToken).user()).isEqualTo(world.user());

        world.clock.forward(Duration.ofSeconds(1));
        assertDenied(idToken);
    }

    @Test
    void refusesAnIdTokenFromTheFuture() {
        idp.idTokenClaims = claims -> claims.setIssuedAt(NumericDate.fromMilliseconds(world.clock.millis() + 61_000));

        assertDenied(idp.idToken());
    }

    @Test
    @Rules({"B10"})
    void anIdpWhoseKeysCannotBeHadIsUnavailable() {
        idp.http.on("/jwks", Reply.error(500, "oops", ""));

        assertThat(World.failure(() -> identify(idp.idToken()))).isInstanceOf(Unavailable.class);
    }

    @Test
    @Rules({"D11"})
    void findsAKeyThatTheIdpRotatedIn() {
        identify(idp.idToken());
        idp.signer = new Signer("idp-2");
        idp.jwks = Signer.jwks(idp.signer);

        assertThat(identify(idp.idToken()).user()).isEqualTo(world.user());
        assertThat(idp.http.to("/jwks")).hasSize(2);
    }

    @Test
    @Rules({"D11"})
    void unknownKeysFetchTheSetAtMostOnceInTenSeconds() {
        identify(idp.idToken());
        idp.signer = new Signer("never-published");
        for (int i = 0; i < 5; i++) {
            assertDenied(idp.idToken());
        }
        assertThat(idp.http.to("/jwks")).hasSize(2);

        world.clock.forward(Duration.ofSeconds(10));
        assertDenied(idp.idToken());
        assertThat(idp.http.to("/jwks")).hasSize(3);
    }
}
