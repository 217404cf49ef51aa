package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import org.junit.jupiter.api.Test;

class WellKnownTest {

    @Test
    @Rules({"D5"})
    void anIssuerWithoutPathHasTwoPlaces() {
        assertThat(WellKnown.of("https://h.example"))
                .containsExactly(
                        "https://h.example/.well-known/oauth-authorization-server",
                        "https://h.example/.well-known/openid-configuration");
    }

    @Test
    @Rules({"D5"})
    void aLoneSlashIsNoPath() {
        assertThat(WellKnown.of("https://h.example:8443/"))
                .containsExactly(
                        "https://h.example:8443/.well-known/oauth-authorization-server",
                        "https://h.example:8443/.well-known/openid-configuration");
    }

    @Test
    @Rules({"D5"})
    void anIssuerWithPathHasThreeAndNeverTheRoot() {
        assertThat(WellKnown.of("https://h.example/t1/x"))
                .containsExactly(
                        "https://h.example/.well-known/oauth-authorization-server/t1/x",
                        "https://h.example/.well-known/openid-configuration/t1/x",
                        "https://h.example/t1/x/.well-known/openid-configuration");
    }

    @Test
    @Rules({"D5"})
    void theSlashAtTheEndOfAPathIsDropped() {
        assertThat(WellKnown.of("https://h.example/t1/"))
                .first()
                .isEqualTo("https://h.example/.well-known/oauth-authorization-server/t1");
    }
}
