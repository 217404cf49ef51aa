package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.exchange.LoopbackPeer.Request;
import dev.xaabroker.exchange.ResourceAuthorizationServer.Redemption;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Failure.LongToken;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedeemTest {

    private final World world = new World();
    private final SampleRas ras = world.ras;

    @AfterEach
    void close() {
        world.close();
    }

    private AccessToken redeemed() {
        return ((Redemption.Redeemed) world.leg2()).token();
    }

    private void assertGivenBack(String token, String kind) throws InterruptedException {
        Request revocation = ras.revocations.poll(10, TimeUnit.SECONDS);
        assertThat(revocation).isNotNull();
        assertThat(revocation.parameter("token")).isEqualTo(token);
        assertThat(revocation.parameter("token_type_hint")).isEqualTo(kind);
        assertThat(revocation.headers().get("authorization")).startsWith("Basic ");
    }

    @Test
    @Rules({"E1"})
    void redeemsInExactlyTheseWords() {
        redeemed();

        assertThat(ras.lastTokenRequest().form())
                .containsOnly(
                        Map.entry("grant_type", List.of(SampleRas.JWT_BEARER)),
                        Map.entry("assertion", List.of("id-jag-canary-0123456789")),
                        Map.entry("resource", List.of(World.RESOURCE)),
                        Map.entry("scope", List.of("files.read files.write")));
        assertThat(ras.lastTokenRequest().headers().get("authorization")).startsWith("Basic ");
    }

    @Test
    @Rules({"E1"})
    void leavesOutWhatTheEntrySaysNotToSend() {
        world.rasSendsResource = false;
        world.rasSendsScope = false;

        redeemed();

        assertThat(ras.lastTokenRequest().form()).containsOnlyKeys("grant_type", "assertion");
    }

    @Test
    @Rules({"E1", "E7"})
    void asksForNoMoreThanTheIdJagCarries() {
        IdJag narrow =
                new IdJag(Secret.of("narrow-id-jag"), "jti-2", Scopes.of("files.read"), world.clock.instant(), false);

        Redemption redemption = world.resourceServer.redeem(world.server(), world.client(), narrow, World.SCOPES);

        assertThat(ras.lastTokenRequest().parameter("scope")).isEqualTo("files.read");
        assertThat(((Redemption.Redeemed) redemption).token().scopes()).isEqualTo(Scopes.of("files.read"));
    }

    @ParameterizedTest
    @Rules({"E5"})
    @ValueSource(strings = {"Bearer", "bearer", "BEARER"})
    void acceptsABearerTokenInAnySpelling(String type) {
        ras.answer.put("token_type", type);

        AccessToken token = redeemed();

        assertThat(token.value()).isEqualTo(Secret.of("ras-token"));
        assertThat(token.type()).isEqualTo(type);
        assertThat(token.issued()).isEqualTo(world.clock.instant());
        assertThat(token.upstreamLifetime()).isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @Rules({"E5"})
    @ValueSource(strings = {"DPoP", "N_A", "mac", "Bearer x"})
    void discardsATokenOfAnotherType(String type) throws InterruptedException {
        ras.answer.put("token_type", type);

        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
        assertGivenBack("ras-token", "access_token");
    }

    @ParameterizedTest
    @Rules({"E5"})
    @ValueSource(strings = {"access_token", "token_type"})
    void refusesAnAnswerThatLacksAMember(String member) {
        ras.answer.remove(member);
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);

        ras.answer.put(member, "");
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);

        ras.answer.put(member, 1);
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
    }

    @Test
    @Rules({"E5"})
    void refusesAnAnswerThatIsNotJson() {
        ras.instead = new Reply(200, Map.of(), "access_token=x&token_type=Bearer");

        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
    }

    @Test
    @Rules({"E6"})
    void givesARefreshTokenBackAndLogsNothingOfIt() throws InterruptedException {
        ras.answer.put("refresh_token", "ras-refresh-canary");

        try (Logged log = new Logged()) {
            assertThat(redeemed().value()).isEqualTo(Secret.of("ras-token"));
            assertGivenBack("ras-refresh-canary", "refresh_token");
            assertThat(log.all()).noneMatch(line -> line.contains("canary"));
        }
    }

    @Test
    @Rules({"E6"})
    void sendsARefreshTokenToNoForeignRevocationEndpoint() {
        try (SampleRas evil = new SampleRas()) {
            ras.metadata.put("revocation_endpoint", evil.issuer() + "/revoke");
            ras.answer.put("refresh_token", "ras-refresh-canary");

            try (Logged log = new Logged()) {
                redeemed();
                assertThat(log.all()).anyMatch(line -> line.startsWith("no revocation endpoint"));
            }
            assertThat(evil.http.requests).isEmpty();
        }
    }

    @Test
    @Rules({"E7"})
    void discardsATokenThatGrantsMoreThanWasAskedFor() throws InterruptedException {
        ras.answer.put("scope", "files.read admin");

        try (Logged log = new Logged()) {
            assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
            assertThat(log.errors()).hasSize(1).first().asString().contains("alert", "excess=admin");
        }
        assertGivenBack("ras-token", "access_token");
    }

    @Test
    @Rules({"E7"})
    void recordsANarrowerGrantAndTakesSilenceForTheIdJagsScopes() {
        assertThat(redeemed().scopes()).isEqualTo(World.SCOPES);

        ras.answer.put("scope", "files.read");
        assertThat(redeemed().scopes()).isEqualTo(Scopes.of("files.read"));
    }

    @Test
    @Rules({"E8"})
    void acceptsTheIntendedResourceInTheAnswer() {
        ras.answer.put("resource", World.RESOURCE);
        redeemed();

        ras.answer.put("resource", List.of(World.RESOURCE));
        redeemed();
    }

    static Stream<Object> resourcesThatAreOther() {
        return Stream.of(
                "https://evil.example/mcp",
                World.RESOURCE + "/",
                List.of(World.RESOURCE, "https://evil.example/mcp"),
                List.of(),
                Map.of("a", 1));
    }

    @ParameterizedTest
    @Rules({"E8"})
    @MethodSource("resourcesThatAreOther")
    void discardsATokenForAnotherResource(Object resource) throws InterruptedException {
        ras.answer.put("resource", resource);

        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
        assertGivenBack("ras-token", "access_token");
    }

    @Test
    @Rules({"E9"})
    void believesNothingThatStandsInsideAToken() {
        JwtClaims misleading = new JwtClaims();
        misleading.setIssuer("https://evil.example");
        misleading.setAudience("https://evil.example/mcp");
        misleading.setSubject("somebody-else");
        misleading.setExpirationTimeMinutesInTheFuture(60 * 24);
        misleading.setStringClaim("scope", "admin");
        String jwt = new Signer("ras-1").sign(Map.of("typ", "at+jwt"), misleading);
        ras.answer.put("access_token", jwt);
        ras.answer.put("expires_in", 120);

        AccessToken token = redeemed();

        assertThat(token.value().reveal()).isEqualTo(jwt);
        assertThat(token.scopes()).isEqualTo(World.SCOPES);
        assertThat(token.upstreamLifetime()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    @Rules({"F2"})
    void aTokenOfUnsaidLifetimeIsTakenAtAMinute() {
        ras.answer.remove("expires_in");

        assertThat(redeemed().upstreamLifetime()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void refusesALongTokenAndGivesItBack() throws InterruptedException {
        ras.answer.put("expires_in", 301);

        assertThat(World.failure(world::leg2)).isEqualTo(new LongToken("figma", Duration.ofSeconds(301)));
        assertGivenBack("ras-token", "access_token");
    }

    @Test
    void acceptsALongTokenWhereTheEntrySaysSo() {
        world.longTokens = LongTokens.ACCEPT;
        ras.answer.put("expires_in", 86_400);

        assertThat(redeemed().upstreamLifetime()).isEqualTo(Duration.ofHours(24));
    }

    static Stream<Object> lifetimesThatAreNone() {
        return Stream.of(0, -1, "soon", 1.5, List.of(300));
    }

    @ParameterizedTest
    @Rules({"F2"})
    @MethodSource("lifetimesThatAreNone")
    void refusesALifetimeThatIsNone(Object expiresIn) {
        ras.answer.put("expires_in", expiresIn);

        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
    }
}
