package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.IdentityProvider.Leg1;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted from an IdP and what is discarded (RULES B8, B9, C1 to C4). */
class IdJagAnswerTest {

    private static final String TYPE = "urn:ietf:params:oauth:token-type:";

    private final World world = new World();
    private final SampleIdp idp = world.idp;

    @AfterEach
    void close() {
        world.close();
    }

    private IdJag issued() {
        return ((Leg1.Issued) world.leg1()).idJag();
    }

    private void assertDiscarded() {
        assertThat(World.failure(world::leg1)).isInstanceOf(PeerFault.class);
        assertThat(world.ras.http.requests).isEmpty();
    }

    @Test
    @Rules({"B8", "C1"})
    void returnsACheckedIdJag() {
        IdJag idJag = issued();

        assertThat(idJag.scopes()).isEqualTo(World.SCOPES);
        assertThat(idJag.expires()).isEqualTo(world.clock.instant().plusSeconds(300));
        assertThat(idJag.weaker()).isFalse();
    }

    @ParameterizedTest
    @Rules({"B8"})
    @ValueSource(strings = {"N_A", "n_a"})
    void acceptsNaInAnyCase(String tokenType) {
        idp.exchangeAnswer.put("token_type", tokenType);

        assertThat(world.leg1()).isInstanceOf(Leg1.Issued.class);
    }

    static Stream<Arguments> answersThatAreNoIdJag() {
        return Stream.of(
                Arguments.of("issued_token_type", TYPE + "access_token"),
                Arguments.of("issued_token_type", ""),
                Arguments.of("token_type", "Bearer"),
                Arguments.of("token_type", ""),
                Arguments.of("token_type", 1),
                Arguments.of("access_token", ""),
                Arguments.of("access_token", List.of("a")),
                Arguments.of("access_token", "opaque"));
    }

    @ParameterizedTest
    @Rules({"B8"})
    @MethodSource("answersThatAreNoIdJag")
    void discardsAnAnswerThatIsNotOneOfAnIdJag(String member, Object value) {
        idp.exchangeAnswer.put(member, value);

        assertDiscarded();
    }

    @ParameterizedTest
    @Rules({"B8"})
    @ValueSource(ints = {201, 202, 302})
    void discardsAnAnswerOfAnotherStatus(int status) {
        idp.exchangeStatus = status;

        assertDiscarded();
    }

    @Test
    @Rules({"B8"})
    void discardsAnAnswerThatIsNotJson() {
        idp.instead = request -> new Reply(200, Map.of(), "access_token=x");

        assertDiscarded();
    }

    @Test
    @Rules({"B8"})
    void profileOktaToleratesBearer() {
        world.profile = Profile.OKTA;
        idp.exchangeAnswer.put("token_type", "Bearer");

        assertThat(world.leg1()).isInstanceOf(Leg1.Issued.class);
    }

    @ParameterizedTest
    @Rules({"B9"})
    @ValueSource(strings = {"answer", "claim"})
    void recordsANarrowerScope(String where) {
        if (where.equals("answer")) {
            idp.exchangeAnswer.put("scope", "files.read");
        } else {
            idp.idJagClaims = claims -> claims.setStringClaim("scope", "files.read");
        }

        assertThat(issued().scopes()).isEqualTo(Scopes.of("files.read"));
    }

    @ParameterizedTest
    @Rules({"B9"})
    @ValueSource(strings = {"files.read admin", "admin", "files.read \u00e9"})
    void discardsAScopeThatWasNotAskedFor(String scope) {
        idp.exchangeAnswer.put("scope", scope);
        assertDiscarded();

        idp.exchangeAnswer.remove("scope");
        idp.idJagClaims = claims -> claims.setStringClaim("scope", scope);
        assertDiscarded();
    }

    static Stream<Arguments> claimsThatDoNotHold() {
        return Stream.of(
                claim("iss", claims -> claims.setIssuer("https://evil.example")),
                claim("sub", claims -> claims.setSubject("00u-bob")),
                claim("no sub", claims -> claims.unsetClaim("sub")),
                claim("aud", claims -> claims.setAudience("https://evil.example")),
                claim("two aud", claims -> claims.setAudience("https://a.example", "https://b.example")),
                claim("client_id", claims -> claims.setStringClaim("client_id", "another")),
                claim("our id at the IdP", claims -> claims.setStringClaim("client_id", "cursor-at-idp")),
                claim("no client_id", claims -> claims.unsetClaim("client_id")),
                claim("expired", claims -> claims.setExpirationTime(NumericDate.fromSeconds(1))),
                claim("no jti", claims -> claims.unsetClaim("jti")),
                claim("resource", claims -> claims.setStringClaim("resource", "https://evil.example/mcp")),
                claim("no resource", claims -> claims.unsetClaim("resource")),
                claim(
                        "two resources",
                        claims -> claims.setStringListClaim("resource", World.RESOURCE, "https://evil.example/mcp")),
                claim("twice", claims -> claims.setStringListClaim("resource", World.RESOURCE, World.RESOURCE)),
                claim("slash", claims -> claims.setStringClaim("resource", World.RESOURCE + "/")));
    }

    private static Arguments claim(String what, Consumer<JwtClaims> change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @Rules({"C3", "C4"})
    @MethodSource("claimsThatDoNotHold")
    void discardsAnIdJagWithAClaimThatDoesNotHold(String what, Consumer<JwtClaims> change) {
        idp.idJagClaims = change;

        assertDiscarded();
    }

    @Test
    @Rules({"C3"})
    void discardsAnIdJagWhoseAudienceMerelyBeginsLikeTheRas() {
        idp.idJagClaims = claims -> claims.setAudience(world.audience + "/");

        assertDiscarded();
    }

    @ParameterizedTest
    @Rules({"C1"})
    @ValueSource(strings = {"JWT", "at+jwt", "id-jag+jwt"})
    void discardsAJwtOfAnotherType(String typ) {
        idp.idJagHeaders.put("typ", typ);

        assertDiscarded();
    }

    @Test
    @Rules({"C1", "C2"})
    void discardsAJwtThatTheIdpDidNotSignOrWithoutType() {
        idp.idJagHeaders.clear();
        assertDiscarded();

        idp.idJagHeaders.put("typ", "oauth-id-jag+jwt");
        idp.signer = new Signer("idp-1");
        assertDiscarded();
    }

    @Test
    @Rules({"C2"})
    void discardsAnUnsignedJwt() {
        String header = "{\"alg\":\"none\",\"typ\":\"oauth-id-jag+jwt\"}";
        String unsigned = java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(header.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + ".e30.";
        idp.exchangeAnswer.put("access_token", unsigned);

        assertDiscarded();
    }

    @Test
    @Rules({"C4"})
    void acceptsAnAnswerThatNamesTheSameResource() {
        idp.exchangeAnswer.put("resource", List.of(World.RESOURCE));
        assertThat(world.leg1()).isInstanceOf(Leg1.Issued.class);

        idp.exchangeAnswer.put("resource", World.RESOURCE);
        assertThat(world.leg1()).isInstanceOf(Leg1.Issued.class);
    }

    static Stream<Object> resourcesThatAreOther() {
        return Stream.of(
                "https://evil.example/mcp",
                List.of(World.RESOURCE, World.RESOURCE),
                List.of(World.RESOURCE, "https://evil.example"),
                List.of(),
                List.of(1),
                Map.of(),
                7);
    }

    @ParameterizedTest
    @Rules({"C4"})
    @MethodSource("resourcesThatAreOther")
    void discardsAnAnswerThatNamesAnotherResourceThanTheClaim(Object resource) {
        idp.exchangeAnswer.put("resource", resource);

        assertDiscarded();
    }

    @Test
    @Rules({"C4"})
    void acceptsAnIdJagWithoutResourceOnlyWhereItIsPinned() {
        idp.idJagClaims = claims -> claims.unsetClaim("resource");
        world.resourcePinned = true;
        assertThat(world.leg1()).isInstanceOf(Leg1.Issued.class);

        idp.exchangeAnswer.put("resource", World.RESOURCE);
        assertDiscarded();
    }

    @Test
    @Rules({"C3"})
    void anIdJagThatExpiresMeanwhileIsDiscarded() {
        idp.idJagClaims = claims -> claims.setExpirationTime(NumericDate.fromMilliseconds(
                world.clock.millis() - World.SKEW.plus(Duration.ofSeconds(1)).toMillis()));

        assertDiscarded();
    }
}
