package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.keys.LogoutTokenVerifier.LogoutTokenClaims;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogoutTokenVerifierTest {

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final String OTHER = "other-client";

    private final LogoutTokenVerifier verifier = new LogoutTokenVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    @Rules("H3")
    void tellsWhatTheTokenSays() {
        LogoutTokenClaims claims = verify("logout+jwt", Minted.logoutToken());

        assertThat(claims.id()).isEqualTo("l-1");
        assertThat(claims.subject()).isEqualTo("alice");
        assertThat(claims.session()).isEqualTo("s-1");
        assertThat(claims.issuedAt()).isEqualTo(Minted.NOW);
        assertThat(claims).hasToString("LogoutTokenClaims[hidden]");
        assertThat(verify(null, with(Minted.logoutToken(), "sid", null)).session())
                .isNull();
        assertThat(verify("JWT", with(Minted.logoutToken(), "sub", null)).subject())
                .isNull();
        assertThat(verify("JWT", with(Minted.logoutToken(), "exp", null)).id()).isEqualTo("l-1");
        assertThat(verify("JWT", with(Minted.logoutToken(), "typ", "Logout")).id())
                .isEqualTo("l-1");
        assertThat(verify("JWT", with(Minted.logoutToken(), "aud", List.of(Minted.CLIENT, "second")))
                        .id())
                .isEqualTo("l-1");
    }

    @Test
    @Rules("H3")
    void refusesWhatIsNoLogoutTokenForUs() {
        refused(with(Minted.logoutToken(), "iss", "https://idp.example/"));
        refused(with(Minted.logoutToken(), "iss", null));
        refused(with(Minted.logoutToken(), "aud", OTHER));
        refused(with(Minted.logoutToken(), "aud", null));
        refused(with(Minted.logoutToken(), "aud", List.of(Minted.CLIENT, OTHER)));
        refused(with(Minted.logoutToken(), "jti", null));
        refused(with(Minted.logoutToken(), "jti", ""));
        refused(with(Minted.logoutToken(), "jti", "x".repeat(513)));
        refused(with(Minted.logoutToken(), "nonce", "n"));
        refused(with(Minted.logoutToken(), "typ", "ID"));
        refused(with(Minted.logoutToken(), "sub", null, "sid", null));
        refused(with(Minted.logoutToken(), "sub", ""));
        refused(with(Minted.logoutToken(), "sid", 7));
        refused(with(Minted.logoutToken(), "events", null));
        refused(with(Minted.logoutToken(), "events", EVENT));
        refused(with(Minted.logoutToken(), "events", List.of(EVENT)));
        refused(with(Minted.logoutToken(), "events", Map.of("http://schemas.openid.net/event/other", Map.of())));
        refused(with(Minted.logoutToken(), "events", Map.of(EVENT, "yes")));
    }

    @Test
    @Rules({"H3", "K4"})
    void takesOnlyTokensOfTheseMinutes() {
        long now = Minted.NOW.getEpochSecond();
        assertThat(verify("JWT", with(Minted.logoutToken(), "iat", now - 330)).id())
                .isEqualTo("l-1");
        assertThat(verify("JWT", with(Minted.logoutToken(), "iat", now + 30)).id())
                .isEqualTo("l-1");
        refused(with(Minted.logoutToken(), "iat", now - 331));
        refused(with(Minted.logoutToken(), "iat", now + 31));
        refused(with(Minted.logoutToken(), "iat", null));
        refused(with(Minted.logoutToken(), "iat", String.valueOf(now)));
        refused(with(Minted.logoutToken(), "exp", now - 30));
        refused(with(Minted.logoutToken(), "nbf", now + 31));
    }

    @Test
    @Rules({"H3", "C2"})
    void refusesWhatTheIdentityProviderDidNotSign() {
        String jwt = Minted.sign(Minted.RSA, "logout+jwt", Minted.logoutToken());

        assertThatThrownBy(() -> verifier.verify(jwt, Minted.jwks(Minted.EC), Minted.IDP, Set.of(Minted.CLIENT)))
                .isInstanceOf(JwtRejected.class)
                .satisfies(rejected ->
                        assertThat(((JwtRejected) rejected).unknownKey()).isTrue());
        String unsigned = Minted.encode("{\"alg\":\"none\"}") + "." + jwt.split("\\.", -1)[1] + ".AAAA";
        assertThatThrownBy(() -> verifier.verify(unsigned, Minted.jwks(Minted.RSA), Minted.IDP, Set.of(Minted.CLIENT)))
                .isInstanceOf(JwtRejected.class);
    }

    private LogoutTokenClaims verify(String typ, Map<String, Object> claims) {
        String jwt = Minted.sign(Minted.RSA, typ, claims);
        return verifier.verify(jwt, Minted.jwks(Minted.RSA), Minted.IDP, Set.of(Minted.CLIENT, "second"));
    }

    private void refused(Map<String, Object> claims) {
        assertThatThrownBy(() -> verify("JWT", claims)).isInstanceOf(JwtRejected.class);
    }
}
