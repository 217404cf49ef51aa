package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Check.Verdict;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdpQuirksTest {

    private static Optional<Check> quirk(String issuer, Profile profile, boolean issuesIdJags) {
        return IdpQuirks.of(
                new IdentityProviderEntry(
                        "acme",
                        "corp",
                        issuer,
                        Status.ENABLED,
                        profile,
                        profile.strategy(),
                        Duration.ofMinutes(1),
                        Map.of(),
                        true,
                        true,
                        false,
                        List.of(),
                        new Peer("corp", Network.PUBLIC, Duration.ofSeconds(5), 4),
                        Signals.none(issuer, "acme")),
                issuesIdJags);
    }

    @Test
    void oktaIsKnownByItsHostAndWantsItsProfile() {
        assertThat(quirk("https://acme.okta.com", Profile.ID_JAG, false)).hasValueSatisfying(check -> {
            assertThat(check.verdict()).isEqualTo(Verdict.WARNING);
            assertThat(check.fix()).isEqualTo("write profile: okta at identityProviders.corp");
        });
        assertThat(quirk("https://acme.okta.com", Profile.OKTA, false)).isEmpty();
        assertThat(quirk("https://okta.com.evil.example", Profile.ID_JAG, true)).isEmpty();
    }

    @Test
    void aCustomAuthorizationServerOfOktaIssuesNoIdJags() {
        assertThat(quirk("https://acme.okta.com/oauth2/default", Profile.OKTA, false))
                .hasValueSatisfying(check -> {
                    assertThat(check.verdict()).isEqualTo(Verdict.FAULT);
                    assertThat(check.fix()).isEqualTo("write issuer: https://acme.okta.com at identityProviders.corp");
                });
    }

    @Test
    void keycloakAsItShipsIssuesNone() {
        assertThat(quirk("https://sso.example/realms/corp", Profile.ID_JAG, false))
                .hasValueSatisfying(check -> assertThat(check.fix()).contains("profile: keycloak"));
        assertThat(quirk("https://sso.example/realms/corp", Profile.ID_JAG, true))
                .isEmpty();
        assertThat(quirk("https://sso.example/realms/corp", Profile.KEYCLOAK, false))
                .isEmpty();
    }
}
