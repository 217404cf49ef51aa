package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.keys.IdJagVerifier.Expected;
import dev.xaabroker.keys.IdJagVerifier.IdJagClaims;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdJagVerifierTest {

    private static final String MCP = "https://mcp.example/mcp";

    private final IdJagVerifier verifier = new IdJagVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    void tellsWhatTheIdJagSays() {
        IdJagClaims claims = verify(with(Minted.idJag(), "resource", MCP, "scope", "a b"));
        assertThat(claims.subject()).isEqualTo("alice");
        assertThat(claims.id()).isEqualTo("j-1");
        assertThat(claims.expires()).isEqualTo(Minted.NOW.plusSeconds(120));
        assertThat(claims.resources()).containsExactly(MCP);
        assertThat(claims.scope()).isEqualTo("a b");
        assertThat(claims).hasToString("IdJagClaims[hidden]");
    }

    @ParameterizedTest
    @Rules("C1")
    @ValueSource(
            strings = {
                "oauth-id-jag+jwt",
                "OAuth-ID-JAG+JWT",
                "application/oauth-id-jag+jwt",
                "Application/oauth-id-jag+jwt"
            })
    void takesItsTypeInEverySpelling(String typ) {
        assertThat(verify(typ, Minted.idJag(), false).id()).isEqualTo("j-1");
    }

    @ParameterizedTest
    @Rules("C1")
    @ValueSource(strings = {"JWT", "at+jwt", "id-jag+jwt", "oauth-id-jag", "text/oauth-id-jag+jwt", "application/", ""})
    void refusesAnotherType(String typ) {
        assertThatThrownBy(() -> verify(typ, Minted.idJag(), false)).isInstanceOf(JwtRejected.class);
    }

    @Test
    @Rules("C1")
    void refusesAMissingType() {
        assertThatThrownBy(() -> verify(null, Minted.idJag(), false)).isInstanceOf(JwtRejected.class);
    }

    @Test
    @Rules({"C3", "C7"})
    void refusesAnyAudienceButExactlyTheRas() {
        assertThat(verify(with(Minted.idJag(), "aud", List.of(Minted.RAS))).id())
                .isEqualTo("j-1");
        List<Object> wrong = List.of(
                Minted.RAS + "/",
                Minted.RAS + ".evil",
                "https://as.mcp.exampl",
                "https://AS.mcp.example",
                Minted.RAS + "/token",
                List.of(),
                List.of(Minted.RAS, Minted.RAS),
                List.of(Minted.RAS, "https://other.example"),
                List.of("https://other.example", Minted.RAS),
                Map.of("aud", Minted.RAS));
        for (Object audience : wrong) {
            refused(with(Minted.idJag(), "aud", audience));
        }
        refused(with(Minted.idJag(), "aud", null));
    }

    @Test
    @Rules({"C3", "C7"})
    void theSlashOfAnIssuerCounts() {
        String jwt = Minted.sign(Minted.RSA, "oauth-id-jag+jwt", Minted.idJag());
        Expected slash = new Expected(Minted.IDP, Minted.RAS + "/", Minted.CLIENT, false);
        assertThatThrownBy(() -> verifier.verify(jwt, Minted.jwks(Minted.RSA), slash))
                .isInstanceOf(JwtRejected.class);
    }

    @Test
    @Rules("C3")
    void refusesAnotherIssuerOrClient() {
        refused(with(Minted.idJag(), "iss", Minted.IDP + "/"));
        refused(with(Minted.idJag(), "iss", "https://other.example"));
        refused(with(Minted.idJag(), "client_id", "other-client"));
        refused(with(Minted.idJag(), "client_id", List.of(Minted.CLIENT)));
        refused(with(Minted.idJag(), "client_id", null, "azp", Minted.CLIENT));
    }

    @ParameterizedTest
    @Rules({"C3", "C5"})
    @ValueSource(strings = {"iss", "sub", "aud", "client_id", "jti", "exp", "iat"})
    void refusesAMissingOrIllTypedClaim(String claim) {
        refused(with(Minted.idJag(), claim, null));
        refused(with(Minted.idJag(), claim, true));
        refused(with(Minted.idJag(), claim, ""));
        boolean date = claim.equals("exp") || claim.equals("iat");
        long soon = Minted.NOW.getEpochSecond() + 20;
        refused(with(Minted.idJag(), claim, date ? String.valueOf(soon) : (Object) soon));
        refused(with(Minted.idJag(), claim, Map.of()));
    }

    @Test
    @Rules({"C3", "C4"})
    void takesResourcesThatAreDifferentStringsWithoutFragment() {
        assertThat(verify(Minted.idJag()).resources()).isEmpty();
        assertThat(verify(with(Minted.idJag(), "resource", List.of(MCP, MCP + "/")))
                        .resources())
                .containsExactly(MCP, MCP + "/");
        List<Object> wrong =
                List.of("", MCP + "#x", List.of(), List.of(MCP, MCP), List.of(MCP, 7), List.of(MCP, ""), 7, Map.of());
        for (Object resource : wrong) {
            refused(with(Minted.idJag(), "resource", resource));
        }
        String payload = JsonUtil.toJson(Minted.idJag()).replaceFirst("\\{", "{\"resource\":null,");
        String jwt = Minted.sign(Minted.RSA, Minted.header(Minted.RSA, "typ", "oauth-id-jag+jwt"), payload);
        assertThatThrownBy(() -> verifier.verify(jwt, Minted.jwks(Minted.RSA), expected(false)))
                .isInstanceOf(JwtRejected.class);
    }

    @Test
    @Rules("C3")
    void theStandInIsAKeycloakAccessTokenForTheRasAndThisClient() {
        assertThat(verify("JWT", Minted.keycloakToken(), true).id()).isEqualTo("k-1");
        List<Map<String, Object>> wrong = List.of(
                with(Minted.keycloakToken(), "azp", "other-client"),
                with(Minted.keycloakToken(), "azp", null, "client_id", Minted.CLIENT),
                with(Minted.keycloakToken(), "aud", List.of(Minted.RAS, "account")),
                with(Minted.keycloakToken(), "aud", "account"),
                with(Minted.keycloakToken(), "iss", "https://other.example"),
                with(Minted.keycloakToken(), "sub", null),
                with(Minted.keycloakToken(), "typ", "Refresh"),
                with(Minted.keycloakToken(), "exp", Minted.NOW.getEpochSecond() - 31));
        for (Map<String, Object> claims : wrong) {
            assertThatThrownBy(() -> verify("JWT", claims, true)).isInstanceOf(JwtRejected.class);
        }
    }

    private IdJagClaims verify(Map<String, Object> claims) {
        return verify("oauth-id-jag+jwt", claims, false);
    }

    private IdJagClaims verify(String typ, Map<String, Object> claims, boolean keycloakStandIn) {
        String jwt = Minted.sign(Minted.RSA, typ, claims);
        return verifier.verify(jwt, Minted.jwks(Minted.RSA), expected(keycloakStandIn));
    }

    private static Expected expected(boolean keycloakStandIn) {
        return new Expected(Minted.IDP, Minted.RAS, Minted.CLIENT, keycloakStandIn);
    }

    private void refused(Map<String, Object> claims) {
        assertThatThrownBy(() -> verify(claims)).isInstanceOf(JwtRejected.class);
    }
}
