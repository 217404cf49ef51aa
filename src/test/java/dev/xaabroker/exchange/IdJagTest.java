package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.IdentityProvider.Leg1;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SubjectStrategy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to the IdP on leg 1 (RULES B1 to B6). */
class IdJagTest {

    private static final String TYPE = "urn:ietf:params:oauth:token-type:";

    private final World world = new World();
    private final SampleIdp idp = world.idp;

    @AfterEach
    void close() {
        world.close();
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
    @Rules({"B1", "B2", "B3", "B6"})
    void asksForAnIdJagInExactlyTheseWords() {
        world.audience = world.ras.issuer() + "/";

        world.leg1();

        assertThat(form())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "requested_token_type",
                        TYPE + "id-jag",
                        "subject_token",
                        "subject-token-canary",
                        "subject_token_type",
                        TYPE + "refresh_token",
                        "audience",
                        world.ras.issuer() + "/",
                        "resource",
                        World.RESOURCE,
                        "scope",
                        "files.read files.write"));
    }

    @Test
    @Rules({"B1", "B3"})
    void leavesOutWhatTheEntrySaysNotToSend() {
        world.idpSendsResource = false;
        world.idpSendsScope = false;
        world.resourcePinned = true;

        world.leg1();

        assertThat(form()).doesNotContainKeys("resource", "scope", "actor_token", "actor_token_type");
    }

    @Test
    @Rules({"B1"})
    void sendsNoEmptyScope() {
        world.identityProvider.idJag(
                world.idpEntry(),
                world.client(),
                world.server(),
                Scopes.NONE,
                Secret.of("subject-token"),
                false,
                world.user());

        assertThat(form()).doesNotContainKey("scope");
    }

    @Test
    @Rules({"B6"})
    void sendsAnIdTokenAsTheStrategySays() {
        world.strategy = SubjectStrategy.RT_TO_ID_TOKEN;

        assertThat(world.leg1(Secret.of(idp.idToken()), false)).isInstanceOf(Leg1.Issued.class);
        assertThat(form()).containsEntry("subject_token_type", TYPE + "id_token");
    }

    @Test
    @Rules({"B6"})
    void sendsAnIdTokenWhenThereIsNoSession() {
        assertThat(world.leg1(Secret.of(idp.idToken()), true)).isInstanceOf(Leg1.Issued.class);
        assertThat(form()).containsEntry("subject_token_type", TYPE + "id_token");
    }

    @ParameterizedTest
    @Rules({"B6"})
    @ValueSource(strings = {"aud", "sub"})
    void neverSendsAnIdTokenOfAnotherClientOrUser(String claim) {
        idp.idTokenClaims = claims -> claims.setStringClaim(claim, "another");

        assertThat(world.leg1(Secret.of(idp.idToken()), true)).isInstanceOf(Leg1.SubjectRefused.class);
        assertThat(idp.tokenRequests()).isEmpty();
    }

    @Test
    @Rules({"B6"})
    void anAccessTokenIsNoSubjectOutsideProfileKeycloak() {
        world.strategy = SubjectStrategy.RT_TO_ACCESS_TOKEN;

        assertThat(World.failure(world::leg1)).isInstanceOf(PeerFault.class);
        assertThat(idp.http.requests).isEmpty();
    }
}
