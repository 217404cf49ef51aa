package dev.xaabroker.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.ledger.LedgerQueries;
import dev.xaabroker.peers.Editor.Adopted;
import dev.xaabroker.peers.EndWatch.Seen;
import dev.xaabroker.peers.Enterprise.Person;
import dev.xaabroker.peers.Http.Answer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What ends a login at a stock Keycloak ends it at the broker within its bound: when Keycloak has answered, where it sends a
 * logout token, and by the next re-check where it sends nothing. Ends of each kind: {@code -Dxaa.runs}, 20 for the full size.
 */
@QuarkusTest
@WithTestResource(KeycloakResource.class)
@Tag("peers")
class KeycloakRevocationTest {
    private static final int RUNS = Math.max(1, Integer.getInteger("xaa.runs", 20 / 20));

    /** As in managed-connections.yaml. */
    private static final Duration RECHECK = Duration.ofSeconds(3);

    KeycloakServer keycloak;

    @Inject
    LedgerQueries queries;

    @TestHTTPResource("/oauth2/token")
    String tokenEndpoint;

    @TestHTTPResource("/signals/backchannel-logout/enterprise")
    String logoutEndpoint;

    private Enterprise enterprise;
    private Administrator administrator;
    private Editor editor;
    private EndWatch watch;

    @BeforeEach
    void meetKeycloak() {
        enterprise = new Enterprise(keycloak);
        administrator = new Administrator(keycloak);
        editor = new Editor(tokenEndpoint);
        watch = new EndWatch(enterprise, administrator, new McpRealm(keycloak), editor);
        administrator.sendsLogoutTokens(Enterprise.CLIENT, logoutEndpoint);
    }

    @AfterEach
    void leaveItAsItWas() {
        for (EndAtKeycloak end : EndAtKeycloak.values()) {
            end.undo(administrator);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PASSWORD_RESET")
    @Rules({"F6", "H3", "H4", "H12", "H13"})
    void whatEndsALoginAtKeycloakEndsItHereWithinItsBound(EndAtKeycloak end) throws Exception {
        List<Seen> all = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            Events since = new Events(queries);
            Seen seen = watch.watch(end, end.isSignalled() ? Duration.ZERO : RECHECK);
            assertThat(since.signals()).isEqualTo(end.isSignalled() ? List.of("backchannel-logout") : List.of());
            assertThat(since.revokedFor(seen.alice().upstreamToken()))
                    .containsExactly(end.isSignalled() ? "backchannel-logout" : "invalid_grant");
            watch.assertOnlyANewLoginWorks(end, seen.alice());
            all.add(seen);
        }
        System.out.printf(
                "%s, %d runs, by %s: %s%n",
                end, RUNS, end.isSignalled() ? "logout token" : "re-check", Seen.longest(all));
    }

    @Test
    void aPasswordThatAnAdministratorResetsEndsNothingAtKeycloakAndNothingHere() throws Exception {
        Adopted alice = editor.adopts(enterprise, Person.ALICE);
        Events since = new Events(queries);

        administrator.resetsPassword(Person.ALICE, false);

        Thread.sleep(RECHECK.plusSeconds(1));
        Answer rechecked = editor.connects(alice.handle());
        assertThat(rechecked.status()).as(rechecked.refusal()).isEqualTo(200);
        assertThat(since.signals()).isEmpty();
    }

    @Test
    void anIdTokenOfALoginThatLivesIsNotCalledEnded() {
        Adopted alice = editor.adopts(enterprise, Person.ALICE);

        Answer answer = editor.connectsWithIdToken(alice.login().idToken());

        assertThat(answer.text("reason")).isNotEqualTo("session-ended");
    }

    /**
     * Keycloak used to end all logins of the user at that client when one refresh token was revoked (keycloak#35486). Do not
     * ask it whether the token is dead before it has answered the revocation: a refresh at that moment can bring the login back
     * (keycloak#51312 is akin).
     */
    @Test
    @Rules({"H1", "H4"})
    void whatAClientGivesBackIsRevokedAtBothRealmsAndNothingElseIs() throws Exception {
        Adopted given = editor.adopts(enterprise, Person.ALICE);
        Adopted kept = editor.adopts(enterprise, Person.ALICE);
        Events since = new Events(queries);

        Answer answer = editor.givesBack(given.handle());

        assertThat(answer.status()).isEqualTo(200);
        watch.awaitInactive(given.upstreamToken(), System.nanoTime());
        assertThat(since.revokedRefreshTokens()).containsExactly("revoked by its client");
        Map<String, String> refresh = Map.of(
                "grant_type", "refresh_token", "refresh_token", given.login().refreshToken());
        assertThat(enterprise.token(refresh).text("error")).isEqualTo("invalid_grant");
        assertThat(editor.connectsUncached(kept.handle()).status()).isEqualTo(200);
    }
}
