package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.keys.IdJagVerifier.Expected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every kind of JWT at every verifier, all signed with one key: each verifier takes its own kind and no other. */
class JwtKindsTest {

    private static final String KEYS = Minted.jwks(Minted.RSA);

    private final IdTokenVerifier idTokens = new IdTokenVerifier(Minted.CLOCK, Minted.SKEW);
    private final IdJagVerifier idJags = new IdJagVerifier(Minted.CLOCK, Minted.SKEW);
    private final ClientAssertionVerifier assertions = new ClientAssertionVerifier(Minted.CLOCK, Minted.SKEW);

    private final LogoutTokenVerifier logouts = new LogoutTokenVerifier(Minted.CLOCK, Minted.SKEW);
    private final SecurityEventVerifier events = new SecurityEventVerifier(Minted.CLOCK, Minted.SKEW);
    private final RevocationRequestVerifier revocations = new RevocationRequestVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    @Rules({"K3", "C1"})
    void eachVerifierTakesItsOwnKindOnly() {
        List<String> taken = new ArrayList<>();
        Map<String, String> tokens = tokens();
        verifiers()
                .forEach((verifier, verify) -> tokens.forEach((kind, token) -> {
                    if (takes(verify, token)) {
                        taken.add(verifier + " takes " + kind);
                    }
                }));
        assertThat(taken)
                .containsExactlyInAnyOrder(
                        "id token verifier takes id token",
                        "id-jag verifier takes id-jag",
                        "keycloak verifier takes keycloak access token",
                        "client assertion verifier takes client assertion",
                        "client assertion verifier takes client assertion, typ JWT",
                        "logout token verifier takes logout token",
                        "logout token verifier takes logout token, typ JWT",
                        "security event verifier takes security event",
                        "revocation request verifier takes revocation request");
    }

    /** The same claims under another kind's typ: what keeps kinds apart must not be the claims alone. */
    @Test
    @Rules({"K3", "C1"})
    void theTypeAloneTellsKindsApart() {
        assertThat(takes(verifiers().get("id-jag verifier"), sign("JWT", Minted.idJag())))
                .isFalse();
        assertThat(takes(verifiers().get("id-jag verifier"), sign(null, Minted.idJag())))
                .isFalse();
        assertThat(takes(verifiers().get("id-jag verifier"), sign("at+jwt", Minted.idJag())))
                .isFalse();
        assertThat(takes(verifiers().get("keycloak verifier"), sign(null, Minted.keycloakToken())))
                .isFalse();
        assertThat(takes(verifiers().get("keycloak verifier"), sign("oauth-id-jag+jwt", Minted.keycloakToken())))
                .isFalse();
        assertThat(takes(verifiers().get("id token verifier"), sign("at+jwt", Minted.idToken())))
                .isFalse();
        assertThat(takes(verifiers().get("id token verifier"), sign("logout+jwt", Minted.idToken())))
                .isFalse();
        assertThat(takes(verifiers().get("id token verifier"), sign("oauth-id-jag+jwt", Minted.idToken())))
                .isFalse();
        assertThat(takes(verifiers().get("client assertion verifier"), sign("at+jwt", Minted.clientAssertion())))
                .isFalse();
        assertThat(takes(verifiers().get("client assertion verifier"), sign("dpop+jwt", Minted.clientAssertion())))
                .isFalse();
        for (String typ : new String[] {null, "JWT", "at+jwt", "logout+jwt", "global-token-revocation+jwt"}) {
            assertThat(takes(verifiers().get("security event verifier"), sign(typ, Minted.securityEvent())))
                    .as(typ)
                    .isFalse();
        }
        for (String typ : new String[] {null, "JWT", "at+jwt", "logout+jwt", "secevent+jwt"}) {
            assertThat(takes(verifiers().get("revocation request verifier"), sign(typ, Minted.revocationRequest())))
                    .as(typ)
                    .isFalse();
        }
        for (String typ : new String[] {"at+jwt", "secevent+jwt", "global-token-revocation+jwt", "dpop+jwt"}) {
            assertThat(takes(verifiers().get("logout token verifier"), sign(typ, Minted.logoutToken())))
                    .as(typ)
                    .isFalse();
        }
    }

    private Map<String, Consumer<String>> verifiers() {
        Map<String, Consumer<String>> verifiers = new LinkedHashMap<>();
        verifiers.put("id token verifier", jwt -> idTokens.verify(jwt, KEYS, Minted.IDP, Minted.CLIENT));
        verifiers.put("id-jag verifier", jwt -> idJags.verify(jwt, KEYS, expected(false)));
        verifiers.put("keycloak verifier", jwt -> idJags.verify(jwt, KEYS, expected(true)));
        verifiers.put("client assertion verifier", jwt -> assertions.verify(jwt, KEYS, Minted.CLIENT, Minted.BROKER));
        verifiers.put("logout token verifier", jwt -> logouts.verify(jwt, KEYS, Minted.IDP, Set.of(Minted.CLIENT)));
        verifiers.put("security event verifier", jwt -> events.verify(jwt, KEYS, Minted.TRANSMITTER, Minted.BROKER));
        verifiers.put(
                "revocation request verifier", jwt -> revocations.verify(jwt, KEYS, Minted.IDP, Set.of(Minted.BROKER)));
        return verifiers;
    }

    private static Map<String, String> tokens() {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("id token", sign("JWT", Minted.idToken()));
        tokens.put("id-jag", sign("oauth-id-jag+jwt", Minted.idJag()));
        tokens.put("keycloak access token", sign("JWT", Minted.keycloakToken()));
        tokens.put("keycloak id token", sign("JWT", Minted.with(Minted.keycloakToken(), "typ", "ID")));
        tokens.put("keycloak access token for the client", sign("JWT", Minted.with(Minted.idToken(), "typ", "Bearer")));
        tokens.put("keycloak refresh token", sign("JWT", Minted.with(Minted.idToken(), "typ", "Refresh")));
        tokens.put("client assertion", sign("client-authentication+jwt", Minted.clientAssertion()));
        tokens.put("client assertion, typ JWT", sign("JWT", Minted.clientAssertion()));
        tokens.put("access token", sign("at+jwt", Minted.accessToken()));
        tokens.put(
                "access token for the client", sign("at+jwt", Minted.with(Minted.accessToken(), "aud", Minted.CLIENT)));
        tokens.put("logout token", sign("logout+jwt", Minted.logoutToken()));
        tokens.put("logout token, typ JWT", sign("JWT", Minted.logoutToken()));
        tokens.put(
                "security event for the RAS",
                sign("JWT", Minted.with(Minted.logoutToken(), "aud", Minted.RAS, "azp", Minted.CLIENT)));
        tokens.put("security event", sign("secevent+jwt", Minted.securityEvent()));
        tokens.put("revocation request", sign("global-token-revocation+jwt", Minted.revocationRequest()));
        tokens.put(
                "security event of the IdP for the client",
                sign("secevent+jwt", Minted.with(Minted.securityEvent(), "iss", Minted.IDP, "aud", Minted.CLIENT)));
        tokens.put(
                "id token for the broker",
                sign("JWT", Minted.with(Minted.idToken(), "iss", Minted.TRANSMITTER, "aud", Minted.BROKER)));
        tokens.put(
                "logout token for the broker",
                sign("logout+jwt", Minted.with(Minted.logoutToken(), "aud", Minted.BROKER)));
        return tokens;
    }

    private static Expected expected(boolean keycloakStandIn) {
        return new Expected(Minted.IDP, Minted.RAS, Minted.CLIENT, keycloakStandIn);
    }

    private static String sign(String typ, Map<String, Object> claims) {
        return Minted.sign(Minted.RSA, typ, claims);
    }

    private static boolean takes(Consumer<String> verify, String token) {
        try {
            verify.accept(token);
            return true;
        } catch (JwtRejected e) {
            return false;
        }
    }
}
