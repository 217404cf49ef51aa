package dev.xaabroker.keys;

import static dev.xaabroker.keys.Minted.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.SigningKey;
import dev.xaabroker.keys.JwtRejected.Part;
import dev.xaabroker.keys.SecurityEventVerifier.SecurityEvent;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.Test;

class SecurityEventVerifierTest {

    private final SecurityEventVerifier verifier = new SecurityEventVerifier(Minted.CLOCK, Minted.SKEW);

    @Test
    @Rules("H5")
    void tellsWhatTheTokenSays() {
        long now = Minted.NOW.getEpochSecond();
        SecurityEvent event = verify(with(
                Minted.securityEvent(),
                "toe",
                now - 5,
                "txn",
                "t-9",
                "aud",
                List.of("others", Minted.BROKER),
                "events",
                Map.of(Minted.SESSION_REVOKED, Map.of("event_timestamp", now - 7))));

        assertThat(event.id()).isEqualTo("e-1");
        assertThat(event.issuedAt()).isEqualTo(Minted.NOW);
        assertThat(event.occurred()).isEqualTo(Minted.NOW.minusSeconds(5));
        assertThat(event.type()).isEqualTo(Minted.SESSION_REVOKED);
        assertThat(event.event()).containsEntry("event_timestamp", now - 7);
        assertThat(event.subject()).containsEntry("sub", "alice");
        assertThat(event.transaction()).isEqualTo("t-9");
        assertThat(event.toString()).doesNotContain("alice").doesNotContain("e-1");
    }

    @Test
    @Rules("H5")
    void takesOneThatIsOldForStreamsDeliverLate() {
        long yesterday = Minted.NOW.getEpochSecond() - 86_400;
        assertThat(verify(with(Minted.securityEvent(), "iat", yesterday)).issuedAt())
                .isEqualTo(Minted.NOW.minusSeconds(86_400));
    }

    @Test
    @Rules("H5")
    void saysWhetherItsFormIsWrong() {
        long now = Minted.NOW.getEpochSecond();
        assertThat(part(with(Minted.securityEvent(), "exp", now + 60))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "sub", "alice"))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "jti", null))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "iat", null))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "iat", now + 31))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "sub_id", null))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "sub_id", "alice"))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "events", null))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "events", Map.of()))).isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "events", Map.of("a", Map.of(), "b", Map.of()))))
                .isEqualTo(Part.FORM);
        assertThat(part(with(Minted.securityEvent(), "events", Map.of("a", "b"))))
                .isEqualTo(Part.FORM);
        assertThat(part("JWT", Minted.securityEvent())).isEqualTo(Part.FORM);
    }

    @Test
    @Rules("H5")
    void saysWhetherIssuerOrAudienceIsWrong() {
        assertThat(part(with(Minted.securityEvent(), "iss", Minted.IDP))).isEqualTo(Part.ISSUER);
        assertThat(part(with(Minted.securityEvent(), "iss", Minted.TRANSMITTER + "/")))
                .isEqualTo(Part.ISSUER);
        assertThat(part(with(Minted.securityEvent(), "iss", null))).isEqualTo(Part.ISSUER);
        assertThat(part(with(Minted.securityEvent(), "aud", Minted.BROKER + "/")))
                .isEqualTo(Part.AUDIENCE);
        assertThat(part(with(Minted.securityEvent(), "aud", null))).isEqualTo(Part.AUDIENCE);
        assertThat(part(with(Minted.securityEvent(), "aud", 7))).isEqualTo(Part.AUDIENCE);
    }

    @Test
    @Rules({"H5", "C2"})
    void saysWhetherTheKeyIsWrong() {
        String jwt = Minted.sign(Minted.RSA, "secevent+jwt", Minted.securityEvent());
        RsaJsonWebKey weak = (RsaJsonWebKey) Minted.rsaJwk(1024);
        SigningKey weakKey = new SigningKey("weak", "RS256", weak.getPrivateKey(), weak.getPublicKey());
        String weaklySigned = Minted.sign(weakKey, "secevent+jwt", Minted.securityEvent());

        assertThat(part(jwt, Minted.jwks(Minted.EC))).isEqualTo(Part.KEY);
        assertThat(part(weaklySigned, Minted.jwks(weakKey))).isEqualTo(Part.KEY);
        assertThat(part(jwt.substring(0, jwt.length() - 8) + "AAAAAAAA", Minted.jwks(Minted.RSA)))
                .isEqualTo(Part.KEY);
        for (var key : List.of(Minted.EC, Minted.ED, Minted.PSS)) {
            String other = Minted.sign(key, "secevent+jwt", Minted.securityEvent());
            assertThat(part(other, Minted.jwks(key))).as(key.algorithm()).isEqualTo(Part.KEY);
        }
    }

    @Test
    @Rules("H5")
    void anotherTransmitterIsToldFromItsNameAlone() {
        String jwt = Minted.sign(Minted.EC, "secevent+jwt", with(Minted.securityEvent(), "iss", "https://other"));

        JwtRejected rejected =
                catchThrowableOfType(JwtRejected.class, () -> verifier.claimsToBeOf(jwt, Minted.TRANSMITTER));

        assertThat(rejected.part()).isEqualTo(Part.ISSUER);
    }

    private SecurityEvent verify(Map<String, Object> claims) {
        return verifier.verify(
                Minted.sign(Minted.RSA, "secevent+jwt", claims),
                Minted.jwks(Minted.RSA),
                Minted.TRANSMITTER,
                Minted.BROKER);
    }

    private Part part(Map<String, Object> claims) {
        return part("secevent+jwt", claims);
    }

    private Part part(String typ, Map<String, Object> claims) {
        return part(Minted.sign(Minted.RSA, typ, claims), Minted.jwks(Minted.RSA));
    }

    private Part part(String jwt, String jwks) {
        JwtRejected rejected = catchThrowableOfType(
                JwtRejected.class, () -> verifier.verify(jwt, jwks, Minted.TRANSMITTER, Minted.BROKER));
        assertThat(rejected).isNotNull();
        return rejected.part();
    }
}
