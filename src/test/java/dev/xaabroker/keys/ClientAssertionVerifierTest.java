package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.SigningKey;
import dev.xaabroker.keys.ClientAssertionVerifier.ClientAssertionClaims;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAssertionVerifierTest {

    private final ClientAssertionVerifier verifier = new ClientAssertionVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    @Rules("A4")
    void tellsWhatMakesItSingleUse() {
        assertThat(verify("JWT", Minted.clientAssertion()))
                .isEqualTo(new ClientAssertionClaims("a-1", Minted.NOW, Minted.NOW.plusSeconds(120)));
        assertThat(verify("JWT", with(Minted.clientAssertion(), "iat", null)))
                .as("without iat, the earliest that anybody can have taken it")
                .isEqualTo(new ClientAssertionClaims(
                        "a-1", Minted.NOW.plusSeconds(120 - 300).minus(Minted.SKEW), Minted.NOW.plusSeconds(120)));
    }

    @Test
    @Rules("A4")
    void takesThreeTypesAndNoOther() {
        for (String typ :
                new String[] {null, "JWT", "client-authentication+jwt", "Application/Client-Authentication+JWT"}) {
            assertThat(verify(typ, Minted.clientAssertion()).id()).isEqualTo("a-1");
        }
        for (String typ : List.of("at+jwt", "oauth-id-jag+jwt", "dpop+jwt", "client-authentication", "")) {
            assertThatThrownBy(() -> verify(typ, Minted.clientAssertion())).isInstanceOf(JwtRejected.class);
        }
    }

    @Test
    @Rules("A4")
    void theOnlyAudienceIsOurIssuer() {
        assertThat(verify("JWT", with(Minted.clientAssertion(), "aud", List.of(Minted.BROKER)))
                        .id())
                .isEqualTo("a-1");
        String tokenEndpoint = Minted.BROKER + "/oauth2/token";
        refused(with(Minted.clientAssertion(), "aud", tokenEndpoint));
        refused(with(Minted.clientAssertion(), "aud", List.of(Minted.BROKER, tokenEndpoint)));
        refused(with(Minted.clientAssertion(), "aud", Minted.BROKER + "/"));
        refused(with(Minted.clientAssertion(), "aud", null));
    }

    @Test
    @Rules("A4")
    void issuerAndSubjectAreTheClient() {
        refused(with(Minted.clientAssertion(), "iss", "other-client"));
        refused(with(Minted.clientAssertion(), "sub", "other-client"));
        refused(with(Minted.clientAssertion(), "iss", "other-client", "sub", "other-client"));
    }

    @ParameterizedTest
    @Rules("A4")
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "jti"})
    void refusesAMissingClaim(String claim) {
        refused(with(Minted.clientAssertion(), claim, null));
    }

    @Test
    @Rules("A4")
    void expiresAtMostFiveMinutesAhead() {
        long limit = Minted.NOW.getEpochSecond() + 300 + Minted.SKEW.toSeconds();
        assertThat(verify("JWT", with(Minted.clientAssertion(), "exp", limit)).id())
                .isEqualTo("a-1");
        refused(with(Minted.clientAssertion(), "exp", limit + 1));
    }

    @Test
    void anUnreasonablyLongIdIsRefused() {
        assertThat(verify("JWT", with(Minted.clientAssertion(), "jti", "x".repeat(512)))
                        .id())
                .hasSize(512);
        refused(with(Minted.clientAssertion(), "jti", "x".repeat(513)));
        refused(with(Minted.clientAssertion(), "jti", 7));
    }

    @Test
    @Rules("A4")
    void refusesTheSignatureOfAnotherClient() {
        SigningKey other = SigningKeys.read(Minted.rsaJwk(2048).toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
        SigningKey posing = new SigningKey(Minted.RSA.id(), "RS256", other.privateKey(), other.publicKey());
        String jwt = Minted.sign(posing, "JWT", Minted.clientAssertion());
        assertThatThrownBy(() -> verifier.verify(jwt, Minted.jwks(Minted.RSA), Minted.CLIENT, Minted.BROKER))
                .isInstanceOf(JwtRejected.class);
    }

    @Test
    void tellsWhomAnAssertionClaimsToComeFrom() {
        assertThat(verifier.claimedClient(Minted.sign(Minted.RSA, "JWT", Minted.clientAssertion())))
                .contains(Minted.CLIENT);
        for (String other : List.of("", "x", "a.b.c", Minted.encode("{}") + "." + Minted.encode("{}") + ".AAAA")) {
            assertThat(verifier.claimedClient(other)).isEmpty();
        }
    }

    private ClientAssertionClaims verify(String typ, Map<String, Object> claims) {
        String jwt = Minted.sign(Minted.RSA, typ, claims);
        return verifier.verify(jwt, Minted.jwks(Minted.RSA), Minted.CLIENT, Minted.BROKER);
    }

    private void refused(Map<String, Object> claims) {
        assertThatThrownBy(() -> verify("JWT", claims)).isInstanceOf(JwtRejected.class);
    }
}
