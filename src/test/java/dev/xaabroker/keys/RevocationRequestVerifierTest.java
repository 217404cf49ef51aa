package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.keys.JwtRejected.Part;
import dev.xaabroker.keys.RevocationRequestVerifier.RevocationRequestClaims;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevocationRequestVerifierTest {

    private static final String ENDPOINT = "https://broker.example/signals/revocation/corp";
    private static final long NOW = Minted.NOW.getEpochSecond();

    private final RevocationRequestVerifier verifier = new RevocationRequestVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    @Rules("H11")
    void tellsWhatTheTokenSays() {
        RevocationRequestClaims claims = verify(Minted.revocationRequest());

        assertThat(claims.id()).isEqualTo("r-1");
        assertThat(claims.issuedAt()).isEqualTo(Minted.NOW);
        assertThat(claims).hasToString("RevocationRequestClaims[hidden]");
        // As Okta's: begun five minutes ago, over in five, for the endpoint.
        assertThat(verify(with(Minted.revocationRequest(), "nbf", NOW - 300, "exp", NOW + 300, "aud", ENDPOINT))
                        .id())
                .isEqualTo("r-1");
    }

    @Test
    @Rules({"H11", "K4"})
    void refusesWhatDoesNotHold() {
        for (String claim : List.of("iss", "jti", "iat", "exp")) {
            assertThat(part(with(Minted.revocationRequest(), claim, null)))
                    .as(claim)
                    .isNotEqualTo(Part.AUDIENCE);
        }
        assertThat(part(with(Minted.revocationRequest(), "iss", "https://other")))
                .isEqualTo(Part.ISSUER);
        assertThat(part(with(Minted.revocationRequest(), "exp", NOW - 30))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.revocationRequest(), "exp", NOW + 631))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.revocationRequest(), "nbf", NOW + 31))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.revocationRequest(), "iat", NOW + 31))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.revocationRequest(), "events", Map.of()))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.revocationRequest(), "nonce", "n"))).isEqualTo(Part.FORM);
    }

    @Test
    @Rules("H11")
    void tellsARequestForSomebodyElseFromOneThatDoesNotHold() {
        assertThat(part(with(Minted.revocationRequest(), "aud", "https://other")))
                .isEqualTo(Part.AUDIENCE);
        assertThat(part(with(Minted.revocationRequest(), "aud", List.of(ENDPOINT, "https://other"))))
                .isEqualTo(Part.AUDIENCE);
        assertThat(part(with(Minted.revocationRequest(), "aud", null))).isEqualTo(Part.AUDIENCE);
        assertThat(part(with(Minted.revocationRequest(), "aud", "https://other", "exp", NOW - 60)))
                .isEqualTo(Part.FORM);
    }

    private RevocationRequestClaims verify(Map<String, Object> claims) {
        return verifier.verify(
                Minted.sign(Minted.RSA, "global-token-revocation+jwt", claims),
                Minted.jwks(Minted.RSA),
                Minted.IDP,
                Set.of(ENDPOINT, Minted.BROKER));
    }

    private Part part(Map<String, Object> claims) {
        JwtRejected rejected = catchThrowableOfType(JwtRejected.class, () -> verify(claims));
        assertThat(rejected).isNotNull();
        return rejected.part();
    }
}
