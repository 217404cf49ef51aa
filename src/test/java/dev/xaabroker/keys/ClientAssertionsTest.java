package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientAssertionsTest {

    private static final String TOKEN_ENDPOINT = "https://idp.example/token";

    private final ClientAssertions assertions = new ClientAssertions(Minted.CLOCK);

    @Test
    @Rules({"B5", "E3"})
    void theStandardShapeNamesTheIssuerAndItsType() {
        String jwt = sign(Minted.EC, AssertionShape.STANDARD).reveal();
        assertThat(Minted.decodeHeader(jwt))
                .isEqualTo(Map.of("alg", "ES256", "kid", Minted.EC.id(), "typ", "client-authentication+jwt"));
        Map<String, Object> claims = Minted.decodePayload(jwt);
        assertThat(claims).containsOnlyKeys("iss", "sub", "aud", "jti", "iat", "exp");
        assertThat(claims)
                .containsEntry("iss", Minted.CLIENT)
                .containsEntry("sub", Minted.CLIENT)
                .containsEntry("aud", Minted.IDP)
                .containsEntry("iat", Minted.NOW.getEpochSecond());
        assertThat((Long) claims.get("exp"))
                .isBetween(Minted.NOW.getEpochSecond() + 1, Minted.NOW.getEpochSecond() + 60);
    }

    @Test
    @Rules("B5")
    void theShapeOfOktaNamesTheTokenEndpointAndNoType() {
        String jwt = sign(Minted.RSA, Profile.OKTA.assertion()).reveal();
        assertThat(Minted.decodeHeader(jwt)).doesNotContainKey("typ");
        assertThat(Minted.decodePayload(jwt)).containsEntry("aud", TOKEN_ENDPOINT);
    }

    @Test
    @Rules("E3")
    void aLiteralAudienceIsSentAsItIs() {
        String jwt = sign(Minted.ED, new AssertionShape("urn:special", "JWT")).reveal();
        assertThat(Minted.decodeHeader(jwt)).containsEntry("typ", "JWT");
        assertThat(Minted.decodePayload(jwt)).containsEntry("aud", "urn:special");
    }

    @Test
    @Rules({"B5", "E3"})
    void everyAttemptHasAnIdOfItsOwn() {
        Set<Object> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            ids.add(Minted.decodePayload(
                            sign(Minted.ED, AssertionShape.STANDARD).reveal())
                    .get("jti"));
        }
        assertThat(ids).hasSize(100);
    }

    @Test
    void aPeerVerifiesItWithThePublishedKeys() {
        ClientAssertionVerifier peer = new ClientAssertionVerifier(Minted.CLOCK, Minted.SKEW);
        for (SigningKey key : List.of(Minted.RSA, Minted.PSS, Minted.EC, Minted.ED)) {
            String jwt = sign(key, AssertionShape.STANDARD).reveal();
            assertThat(peer.verify(jwt, Minted.jwks(key), Minted.CLIENT, Minted.IDP)
                            .expires())
                    .isEqualTo(Minted.NOW.plusSeconds(60));
        }
    }

    @Test
    @Rules("K5")
    void neitherTheAssertionNorItsKeyIsPrinted() {
        Secret assertion = sign(Minted.RSA, AssertionShape.STANDARD);
        assertThat(assertion).hasToString("Secret[hidden]");
        assertThat(Minted.RSA).hasToString("SigningKey[" + Minted.RSA.id() + ", RS256]");
    }

    private Secret sign(SigningKey key, AssertionShape shape) {
        return assertions.sign(new Credentials.PrivateKeyJwt(Minted.CLIENT, key, shape), Minted.IDP, TOKEN_ENDPOINT);
    }
}
