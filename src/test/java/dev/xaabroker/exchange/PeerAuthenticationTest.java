package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Request;
import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAuthenticationTest {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private Request redeemed() {
        world.leg2();
        return world.ras.lastTokenRequest();
    }

    @ParameterizedTest
    @Rules({"E2"})
    @ValueSource(strings = {"plain", "a:b", "100%", "a+b", "a b", "ü&=/?", "%3A"})
    void urlEncodesBothHalvesOfBasicCredentials(String text) {
        world.atRas = new Credentials.SecretBasic("id" + text, Secret.of("secret" + text));

        Request request = redeemed();

        String header = request.headers().get("authorization");
        assertThat(header).startsWith("Basic ");
        String pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.US_ASCII);
        assertThat(pair.split(":"))
                .hasSize(2)
                .extracting(LoopbackPeer::decoded)
                .containsExactly("id" + text, "secret" + text);
        assertThat(request.form()).doesNotContainKeys("client_id", "client_secret", "client_assertion");
    }

    @Test
    @Rules({"E2"})
    void sendsASecretInTheBodyAndNowhereElse() {
        world.atRas = new Credentials.SecretPost("broker-at-ras", Secret.of("a secret:%+"));

        Request request = redeemed();

        assertThat(request.parameter("client_id")).isEqualTo("broker-at-ras");
        assertThat(request.parameter("client_secret")).isEqualTo("a secret:%+");
        assertThat(request.headers()).doesNotContainKey("authorization");
    }

    @Test
    @Rules({"E3"})
    void signsAnAssertionForTheIssuerOfTheRasNewForEachAttempt() {
        world.atRas = new Credentials.PrivateKeyJwt(
                "broker-at-ras", new Signer("broker-1").asSigningKey(), AssertionShape.STANDARD);

        Request first = redeemed();
        Request second = redeemed();

        assertThat(first.parameter("client_assertion_type"))
                .isEqualTo("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assertThat(first.headers()).doesNotContainKey("authorization");
        assertThat(part(first, 0)).containsEntry("typ", "client-authentication+jwt");
        assertThat(part(first, 1))
                .containsEntry("aud", world.ras.issuer())
                .containsEntry("iss", "broker-at-ras")
                .containsEntry("sub", "broker-at-ras");
        assertThat(part(first, 1).get("jti")).isNotEqualTo(part(second, 1).get("jti"));
    }

    @Test
    @Rules({"B5"})
    void signsAnAssertionForTheIssuerOfTheIdpNewForEachAttempt() {
        world.atIdp = new Credentials.PrivateKeyJwt(
                "cursor-at-idp", new Signer("broker-1").asSigningKey(), Profile.ID_JAG.assertion());

        world.leg1();
        world.leg1();

        List<Request> requests = world.idp.tokenRequests();
        Map<String, Object> claims = part(requests.get(0), 1);
        assertThat(part(requests.get(0), 0)).containsEntry("typ", "client-authentication+jwt");
        assertThat(claims).containsEntry("aud", world.idp.issuer());
        assertThat((Long) claims.get("exp") - (Long) claims.get("iat")).isLessThanOrEqualTo(60);
        assertThat(claims.get("jti")).isNotEqualTo(part(requests.get(1), 1).get("jti"));
    }

    @Test
    @Rules({"B5"})
    void aProfileMayNameTheTokenEndpointAndDropTheType() {
        world.profile = Profile.OKTA;
        world.atIdp = new Credentials.PrivateKeyJwt(
                "cursor-at-idp", new Signer("broker-1").asSigningKey(), Profile.OKTA.assertion());

        world.leg1();

        Request request = world.idp.lastTokenRequest();
        assertThat(part(request, 0)).doesNotContainKey("typ");
        assertThat(part(request, 1)).containsEntry("aud", world.idp.issuer() + "/token");
    }

    @Test
    @Rules({"E2"})
    void warnsOnceWhenTheServerDoesNotListTheConfiguredMethodAndUsesIt() {
        world.ras.metadata.put("token_endpoint_auth_methods_supported", List.of("private_key_jwt"));

        try (Logged log = new Logged()) {
            redeemed();
            Request request = redeemed();

            assertThat(request.headers()).containsKey("authorization");
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    @Rules({"E2"})
    void aServerThatListsNoMethodIsTakenToWantBasic() {
        world.ras.metadata.remove("token_endpoint_auth_methods_supported");

        try (Logged log = new Logged()) {
            redeemed();
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    @Rules({"B4"})
    void neverSendsAClientIdWithoutAProof() {
        for (Credentials credentials : List.of(
                new Credentials.SecretBasic("cursor-at-idp", Secret.of("s")),
                new Credentials.SecretPost("cursor-at-idp", Secret.of("s")),
                new Credentials.PrivateKeyJwt(
                        "cursor-at-idp", new Signer("broker-1").asSigningKey(), AssertionShape.STANDARD))) {
            world.atIdp = credentials;
            world.leg1();
            world.identityProvider.refresh(world.idpEntry(), world.client(), Secret.of("refresh-token"), null);
        }

        assertThat(world.idp.tokenRequests()).hasSize(6).allMatch(PeerAuthenticationTest::isAuthenticated);
    }

    private static boolean isAuthenticated(Request request) {
        boolean basic = request.headers().getOrDefault("authorization", "").startsWith("Basic ");
        boolean post = request.form().containsKey("client_secret");
        boolean assertion = request.form().containsKey("client_assertion");
        return (basic ? 1 : 0) + (post ? 1 : 0) + (assertion ? 1 : 0) == 1;
    }

    private static Map<String, Object> part(Request request, int index) {
        String part = request.parameter("client_assertion").split("\\.", -1)[index];
        try {
            return JsonUtil.parseJson(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
        } catch (JoseException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
