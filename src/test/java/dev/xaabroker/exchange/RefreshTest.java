package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.AnswerLost;
import dev.xaabroker.grant.Failure.NotSent;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.SessionDead;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTest {

    private static final Secret TOKEN = Secret.of("refresh-token-canary-0123456789");

    private final World world = new World();
    private final SampleIdp idp = world.idp;

    @AfterEach
    void close() {
        world.close();
    }

    private Proof refresh() {
        return world.identityProvider.refresh(world.idpEntry(), world.client(), TOKEN, null);
    }

    @Test
    @Rules({"B4", "B6"})
    void sendsTheRefreshTokenWithTheClientsCredentialsAndNothingElse() {
        refresh();

        assertThat(idp.lastTokenRequest().form())
                .containsOnly(
                        Map.entry("grant_type", List.of("refresh_token")),
                        Map.entry("refresh_token", List.of(TOKEN.reveal())));
        assertThat(idp.lastTokenRequest().headers().get("authorization")).startsWith("Basic ");
    }

    @Test
    @Rules({"B6"})
    void returnsTheUserAndTheTokens() {
        Proof proof = refresh();

        assertThat(proof.identity().user()).isEqualTo(world.user());
        assertThat(proof.rotatedRefreshToken()).isEqualTo(Secret.of("rotated-token"));
        assertThat(proof.accessToken()).isEqualTo(Secret.of("idp-access-token"));
        assertThat(proof.at()).isEqualTo(world.clock.instant());
    }

    @Test
    void aTokenThatCameBackUnchangedWasNotRotated() {
        idp.refreshAnswer.put("refresh_token", TOKEN.reveal());

        assertThat(refresh().rotatedRefreshToken()).isNull();
    }

    @Test
    void seesOnlyTheClaimsThatTheFileMaps() {
        world.claims = Map.of("groups", "roles", "department", "dept", "level", "level", "nested", "address");
        idp.idTokenClaims = claims -> {
            claims.setClaim("roles", List.of("engineering", "design"));
            claims.setClaim("groups", List.of("not-mapped"));
            claims.setClaim("dept", "r-and-d");
            claims.setClaim("level", 7);
            claims.setClaim("address", Map.of("country", "CH"));
            claims.setClaim("email", "alice@acme.example");
            claims.setClaim("sid", "s-1");
            claims.setClaim("acr", "phr");
        };

        Proof proof = refresh();

        assertThat(proof.identity().groups()).containsExactlyInAnyOrder("engineering", "design");
        assertThat(proof.identity().attributes())
                .containsOnly(Map.entry("department", List.of("r-and-d")), Map.entry("level", List.of("7")));
        assertThat(proof.identity().acr()).isEqualTo("phr");
        assertThat(proof.identity().idpSession()).isEqualTo(world.hash.idpSession("acme", idp.issuer(), "s-1"));
    }

    @Test
    @Rules({"B10"})
    void invalidGrantEndsTheSession() {
        idp.instead = request -> Reply.error(400, "invalid_grant", "Session not active");

        assertThat(World.failure(this::refresh))
                .isInstanceOfSatisfying(SessionDead.class, dead -> assertThat(dead.detail())
                        .isEqualTo("corp answered 400 invalid_grant: Session not active"));
    }

    @ParameterizedTest
    @Rules({"B10"})
    @CsvSource({"400,unauthorized_client", "400,invalid_scope", "401,invalid_grant", "500,invalid_grant", "403,x"})
    void nothingElseEndsIt(int status, String error) {
        idp.instead = request -> Reply.error(status, error, "");

        assertThat(World.failure(this::refresh)).isNotInstanceOf(SessionDead.class);
    }

    @ParameterizedTest
    @Rules({"B10"})
    @ValueSource(ints = {400, 401})
    void refusedCredentialsAreAnAlert(int status) {
        idp.instead = request -> Reply.error(status, "invalid_client", "who are you");

        try (Logged log = new Logged()) {
            assertThat(World.failure(this::refresh)).isInstanceOf(PeerFault.class);
            assertThat(log.errors()).hasSize(1).first().asString().contains("alert", "provider=corp");
        }
    }

    @ParameterizedTest
    @Rules({"B10"})
    @ValueSource(ints = {429, 503, 500})
    void aBusyIdpIsUnavailableForAsLongAsItSays(int status) {
        idp.instead = request -> Reply.error(status, "slow_down", "").with("Retry-After", "11");

        assertThat(World.failure(this::refresh)).isInstanceOfSatisfying(Unavailable.class, failure -> {
            assertThat(failure.part()).isEqualTo("idp");
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(11));
        });
    }

    @Test
    @Rules({"B10"})
    void anIdpThatDoesNotAnswerIsUnavailable() {
        refresh();
        idp.instead = request -> Reply.HANG_UP;
        assertThat(lost().otherwise()).isInstanceOf(Unavailable.class);

        world.timeout = Duration.ofMillis(200);
        idp.instead = request -> Reply.NEVER;
        assertThat(lost().otherwise()).isInstanceOf(Unavailable.class);

        idp.close();
        assertThat(World.failure(this::refresh)).isInstanceOf(NotSent.class);
    }

    @Test
    void anAnswerWithoutIdTokenSaysThatTheOpenidScopeIsMissing() {
        idp.refreshAnswer.put("id_token", "");

        assertThat(lost().otherwise()).isInstanceOfSatisfying(PeerFault.class, fault -> assertThat(fault.detail())
                .contains("openid"));
    }

    @Test
    @Rules({"B7"})
    void anUnusableAnswerThatRotatedNothingLeavesTheTokenUnspent() {
        idp.refreshAnswer.put("id_token", "");
        for (String same : List.of("", TOKEN.reveal())) {
            idp.refreshAnswer.put("refresh_token", same);

            assertThat(World.failure(this::refresh)).isInstanceOf(PeerFault.class);
        }
    }

    @Test
    @Rules({"B7"})
    void keysThatCannotBeHadAfterTheAnswerSpendTheTokenAllTheSame() {
        refresh();
        idp.signer = new Signer("idp-2");
        idp.http.on("/jwks", Reply.error(404, "gone", ""));

        assertThat(lost().successor()).contains(Secret.of("rotated-token"));
    }

    @Test
    @Rules({"B7"})
    void anAnswerThatProvesNothingStillSaysWhichTokenIsNext() {
        idp.refreshAnswer.put("id_token", "");

        assertThat(lost().successor()).contains(Secret.of("rotated-token"));
        assertThat(lost().toString()).doesNotContain("rotated-token");
    }

    @ParameterizedTest
    @Rules({"B7"})
    @ValueSource(ints = {200, 204, 302, 502, 504})
    void anAnswerThatDoesNotSayNoMayHaveSpentTheToken(int status) {
        idp.instead = request -> new Reply(status, Map.of(), "<html>hello</html>");

        assertThat(lost().successor()).isEmpty();
    }

    @Test
    @Rules({"B7"})
    void anAnswerThatIsTooLargeMayHaveSpentTheToken() {
        idp.refreshAnswer.put("padding", "x".repeat(300 * 1024));

        assertThat(lost().otherwise()).isInstanceOf(PeerFault.class);
    }

    @Test
    @Rules({"B7"})
    void whatWasNotSentSpentNothing() {
        idp.http.on("/jwks", Reply.error(503, "later", ""));
        assertThat(World.failure(this::refresh)).isInstanceOf(NotSent.class);

        idp.close();
        assertThat(World.failure(this::refresh)).isInstanceOf(NotSent.class);
    }

    @Test
    @Rules({"B7"})
    void aNextTokenThatIsNoTextIsLost() {
        idp.refreshAnswer.put("refresh_token", 7);

        assertThat(lost().successor()).isEmpty();
    }

    /** The refresh is answered in such a way that the token may be spent. */
    private AnswerLost lost() {
        return (AnswerLost) World.failure(this::refresh);
    }

    @Test
    @Rules({"B6"})
    void refusesAnIdTokenThatIsNotForThisClient() {
        idp.idTokenClaims = claims -> claims.setAudience("another-client");

        assertThat(lost().otherwise()).isInstanceOf(PeerFault.class);
    }

    /** As Entra's tokens of a user of more than 200 groups. */
    @Test
    @Rules({"G1"})
    void refusesAnIdTokenWhoseGroupsStandElsewhere() {
        idp.idTokenClaims = claims -> {
            claims.unsetClaim("groups");
            claims.setClaim("_claim_names", Map.of("groups", "src1"));
        };

        assertThat(lost().otherwise().detail()).contains("groups stands elsewhere");
    }

    @Test
    void holdsTheKeysBeforeItSpendsARefreshToken() {
        idp.http.on("/jwks", Reply.error(503, "later", ""));

        assertThat(World.failure(this::refresh))
                .isInstanceOfSatisfying(NotSent.class, failure -> assertThat(failure.otherwise())
                        .isInstanceOf(Unavailable.class));
        assertThat(idp.tokenRequests()).isEmpty();
    }

    @Test
    @Rules({"B10"})
    void whatThePeerSaysIsCleanedAndNeverRepeatsTheToken() {
        idp.instead = request -> Reply.error(400, "invalid_grant", "no\r\nlog: " + TOKEN.reveal());

        Failure failure = World.failure(this::refresh);

        assertThat(failure.detail()).doesNotContain("refresh-token-canary", "\r", "\n");
    }
}
