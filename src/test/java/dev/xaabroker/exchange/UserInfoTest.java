package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.AnswerLost;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the claims when a refresh brings no ID token (OIDC Core s12.2 lets it). */
class UserInfoTest {

    private static final Secret TOKEN = Secret.of("refresh-token-canary-0123456789");

    private final World world = new World();
    private final SampleIdp idp = world.idp;
    private final Identity known = new Identity(
            world.user(), "idp-session", Set.of("engineering"), Map.of(), "phr", Instant.parse("2026-01-01T00:00:00Z"));

    @BeforeEach
    void withoutIdToken() {
        idp.refreshAnswer.put("id_token", "");
        idp.metadata.put("userinfo_endpoint", idp.issuer() + "/userinfo");
        says(Map.of("sub", SampleIdp.USER, "groups", List.of("design")));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void says(Map<String, Object> userInfo) {
        idp.http.on("/userinfo", request -> Reply.json(200, userInfo));
    }

    private Proof refresh(@Nullable Identity known) {
        return world.identityProvider.refresh(world.idpEntry(), world.client(), TOKEN, known);
    }

    @Test
    void takesTheClaimsFromUserInfoAndTheLoginFromBefore() {
        Proof proof = refresh(known);

        assertThat(proof.identity())
                .isEqualTo(
                        new Identity(known.user(), "idp-session", Set.of("design"), Map.of(), "phr", known.authTime()));
        assertThat(proof.idToken()).isNull();
        assertThat(idp.http.to("/userinfo").getLast().headers().get("authorization"))
                .isEqualTo("Bearer idp-access-token");
    }

    @Test
    void learnsWhoANewUserIs() {
        assertThat(refresh(null).identity().user()).isEqualTo(world.user());
    }

    @Test
    @Rules("H12")
    void anotherSubjectIsAnotherUser() {
        says(Map.of("sub", "00u-mallory"));

        User user = refresh(known).identity().user();

        assertThat(user).isNotEqualTo(world.user());
    }

    @Test
    void asksNobodyWhenAnIdTokenCame() {
        idp.refreshAnswer.remove("id_token");

        assertThat(refresh(known).identity().claimsKnown()).isTrue();
        assertThat(idp.http.to("/userinfo")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "403", "no JSON", "no sub", "elsewhere", "another origin", "no access token"})
    void claimsThatNobodyTellsAreUnknownAndNotEmpty(String why) {
        switch (why) {
            case "absent" -> idp.metadata.remove("userinfo_endpoint");
            case "403" -> idp.http.on("/userinfo", Reply.error(403, "insufficient_scope", ""));
            case "no JSON" -> idp.http.on("/userinfo", request -> new Reply(200, Map.of(), "eyJ.signed.jwt"));
            case "no sub" -> says(Map.of("groups", List.of("design")));
            case "elsewhere" -> says(Map.of("sub", SampleIdp.USER, "_claim_names", Map.of("groups", "src1")));
            case "another origin" ->
                idp.metadata.put("userinfo_endpoint", idp.issuer().replace("127.0.0.1", "localhost") + "/userinfo");
            default -> idp.refreshAnswer.put("access_token", "");
        }

        Proof proof = refresh(known);

        assertThat(proof.identity().claimsKnown()).isFalse();
        assertThat(proof.identity().groups()).isEmpty();
        assertThat(proof.identity().user()).isEqualTo(world.user());
        assertThat(proof.identity().idpSession()).isEqualTo("idp-session");
    }

    @Test
    @Rules("B7")
    void isAskedAgainWhenItDoesNotAnswerNow() {
        idp.http.on("/userinfo", Reply.error(503, "later", "").with("Retry-After", "7"));

        Failure failure = World.failure(() -> refresh(known));

        assertThat(failure).isInstanceOfSatisfying(AnswerLost.class, lost -> {
            assertThat(lost.successor()).contains(Secret.of("rotated-token"));
            assertThat(lost.otherwise()).isInstanceOfSatisfying(Unavailable.class, down -> assertThat(down.retryAfter())
                    .isEqualTo(Duration.ofSeconds(7)));
        });
    }

    @Test
    void aNewUserWhomNobodyNamesIsAFault() {
        idp.http.on("/userinfo", Reply.error(404, "", ""));

        assertThat(((AnswerLost) World.failure(() -> refresh(null))).otherwise())
                .isInstanceOfSatisfying(
                        PeerFault.class, fault -> assertThat(fault.detail()).contains("openid"));
    }

    @Test
    @Rules("H3")
    void aRefreshedIdTokenWithoutSidStillBelongsToTheSession() {
        idp.refreshAnswer.remove("id_token");

        assertThat(refresh(known).identity().idpSession()).isEqualTo("idp-session");
    }

    /** As where the groups are mapped into ID tokens alone. */
    @Test
    @Rules("G1")
    void aMappedClaimThatUserInfoLeavesOutIsUnknown() {
        says(Map.of("sub", SampleIdp.USER));

        assertThat(refresh(known).identity().claimsKnown()).isFalse();
        assertThat(refresh(null).identity().claimsKnown()).isFalse();
    }
}
