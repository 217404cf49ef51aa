package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.keys.IdTokenVerifier.IdTokenClaims;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdTokenVerifierTest {

    private static final String OTHER = "other-client";

    private final IdTokenVerifier verifier = new IdTokenVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    void tellsWhatTheTokenSays() {
        Instant login = Minted.NOW.minusSeconds(600);
        IdTokenClaims claims = verify(
                with(Minted.idToken(), "acr", "phr", "auth_time", login.getEpochSecond(), "groups", List.of("staff")));
        assertThat(claims.subject()).isEqualTo("alice");
        assertThat(claims.sid()).isEqualTo("s-1");
        assertThat(claims.issuedAt()).isEqualTo(Minted.NOW);
        assertThat(claims.expires()).isEqualTo(Minted.NOW.plusSeconds(120));
        assertThat(claims.acr()).isEqualTo("phr");
        assertThat(claims.authTime()).isEqualTo(login);
        assertThat(claims.all()).containsEntry("groups", List.of("staff"));
    }

    @Test
    void takesATokenWithOrWithoutAType() {
        for (String typ : new String[] {null, "JWT", "jwt", "application/jwt"}) {
            String jwt = Minted.sign(Minted.RSA, typ, with(Minted.idToken(), "sid", null));
            assertThat(verifier.verify(jwt, Minted.jwks(Minted.RSA), Minted.IDP, Minted.CLIENT)
                            .sid())
                    .isNull();
        }
    }

    @Test
    @Rules("K3")
    void refusesAnotherIssuer() {
        for (String issuer : List.of("https://idp.example/", "https://IDP.example", "https://idp.example.evil", "")) {
            refused(with(Minted.idToken(), "iss", issuer));
        }
        refused(with(Minted.idToken(), "iss", null));
        refused(with(Minted.idToken(), "iss", List.of(Minted.IDP)));
    }

    @Test
    @Rules({"K3", "B6"})
    void refusesATokenOfAnotherClient() {
        refused(with(Minted.idToken(), "aud", OTHER));
        refused(with(Minted.idToken(), "aud", List.of(OTHER, "third"), "azp", Minted.CLIENT));
        refused(with(Minted.idToken(), "aud", List.of()));
        refused(with(Minted.idToken(), "aud", List.of(Minted.CLIENT, 7), "azp", Minted.CLIENT));
        refused(with(Minted.idToken(), "aud", null));
    }

    @Test
    @Rules("K3")
    void withSeveralAudiencesTheAuthorizedPartyMustBeTheClient() {
        assertThat(verify(with(Minted.idToken(), "aud", List.of(Minted.CLIENT))).subject())
                .isEqualTo("alice");
        Map<String, Object> several = with(Minted.idToken(), "aud", List.of(Minted.CLIENT, OTHER));
        assertThat(verify(with(several, "azp", Minted.CLIENT)).subject()).isEqualTo("alice");
        refused(several);
        refused(with(several, "azp", OTHER));
        refused(with(Minted.idToken(), "azp", OTHER));
    }

    @Test
    @Rules("K3")
    void refusesMissingAndIllTypedClaims() {
        for (String claim : List.of("sub", "exp", "iat")) {
            refused(with(Minted.idToken(), claim, null));
        }
        refused(with(Minted.idToken(), "sub", ""));
        refused(with(Minted.idToken(), "sub", 7));
        refused(with(Minted.idToken(), "exp", String.valueOf(Minted.NOW.getEpochSecond() + 60)));
        refused(with(Minted.idToken(), "iat", String.valueOf(Minted.NOW.getEpochSecond())));
        refused(with(Minted.idToken(), "exp", -1));
        refused(with(Minted.idToken(), "exp", 1e300));
        refused(with(Minted.idToken(), "sid", 7));
        refused(with(Minted.idToken(), "auth_time", "yesterday"));
    }

    @Test
    @Rules("K5")
    void theClaimsAreNotPrinted() {
        assertThat(verify(Minted.idToken())).hasToString("IdTokenClaims[hidden]");
    }

    private IdTokenClaims verify(Map<String, Object> claims) {
        String jwt = Minted.sign(Minted.RSA, "JWT", claims);
        return verifier.verify(jwt, Minted.jwks(Minted.RSA), Minted.IDP, Minted.CLIENT);
    }

    private void refused(Map<String, Object> claims) {
        assertThatThrownBy(() -> verify(claims)).isInstanceOf(JwtRejected.class);
    }
}
