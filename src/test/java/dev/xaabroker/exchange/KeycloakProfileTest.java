package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.IdentityProvider.Leg1;
import dev.xaabroker.grant.Failure.InvalidRequest;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SubjectStrategy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeycloakProfileTest {

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

    private Map<String, String> form() {
        Map<String, String> form = new HashMap<>();
        idp.lastTokenRequest()
                .form()
                .keySet()
                .forEach(name -> form.put(name, idp.lastTokenRequest().parameter(name)));
        return form;
    }

    @Test
    @Rules({"B1", "B6"})
    void profileKeycloakExchangesAnAccessToken() {
        keycloak();

        IdJag idJag = issued();

        assertThat(form())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "requested_token_type",
                        TYPE + "access_token",
                        "subject_token",
                        "subject-token-canary",
                        "subject_token_type",
                        TYPE + "access_token",
                        "audience",
                        world.audience,
                        "scope",
                        "openid"));
        assertThat(idJag.weaker()).isTrue();
        assertThat(idJag.scopes()).isEqualTo(World.SCOPES);
    }

    @ParameterizedTest
    @Rules({"C3"})
    @ValueSource(strings = {"azp", "aud", "sub", "iss"})
    void profileKeycloakChecksTheRestAllTheSame(String claim) {
        keycloak();
        Consumer<JwtClaims> honest = idp.idJagClaims;
        idp.idJagClaims = claims -> {
            honest.accept(claims);
            claims.setStringClaim(claim, "another");
        };

        assertDiscarded();
    }

    @Test
    @Rules({"C1"})
    void aStandInIsNoIdJagInAnotherProfile() {
        keycloak();
        world.profile = Profile.ID_JAG;
        world.strategy = SubjectStrategy.RT_DIRECT;
        idp.exchangeAnswer.putAll(Map.of("issued_token_type", SampleIdp.ID_JAG, "token_type", "N_A"));

        assertDiscarded();
    }

    @Test
    void profileKeycloakCannotConnectWithoutASession() {
        keycloak();

        assertThat(World.failure(() -> world.leg1(Secret.of(idp.idToken()), true)))
                .isInstanceOf(InvalidRequest.class);
        assertThat(idp.http.requests).isEmpty();
    }

    private void keycloak() {
        world.profile = Profile.KEYCLOAK;
        world.strategy = SubjectStrategy.RT_TO_ACCESS_TOKEN;
        world.idpSendsScope = false;
        idp.idJagHeaders.put("typ", "JWT");
        idp.exchangeAnswer.putAll(
                Map.of("issued_token_type", TYPE + "access_token", "token_type", "Bearer", "scope", "email profile"));
        idp.idJagClaims = claims -> {
            claims.unsetClaim("client_id");
            claims.setStringClaim("azp", "cursor-at-idp");
        };
    }
}
