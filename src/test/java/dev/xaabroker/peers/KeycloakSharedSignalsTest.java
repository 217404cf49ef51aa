package dev.xaabroker.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.ledger.LedgerQueries;
import dev.xaabroker.peers.EndWatch.Seen;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The broker as a receiver of Keycloak's experimental Shared Signals transmitter, which it polls every second. The re-check
 * is a minute away, so that nothing but a signal refuses. Ends of each kind: {@code -Dxaa.runs}, 20 for the full size.
 */
@QuarkusTest
@WithTestResource(
        value = KeycloakResource.class,
        initArgs = @ResourceArg(name = KeycloakResource.SHARED_SIGNALS, value = "poll"))
@Tag("peers")
class KeycloakSharedSignalsTest {
    private static final int RUNS = Math.max(1, Integer.getInteger("xaa.runs", 20 / 20));

    /** {@code pollEvery}, and a poll on a machine that does other things too. */
    private static final Duration POLLED = Duration.ofSeconds(1 + 3);

    KeycloakServer keycloak;

    @Inject
    LedgerQueries queries;

    @TestHTTPResource("/oauth2/token")
    String tokenEndpoint;

    private EndWatch watch;

    @BeforeEach
    void meetKeycloak() {
        watch = new EndWatch(
                new Enterprise(keycloak),
                new Administrator(keycloak),
                new McpRealm(keycloak),
                new Editor(tokenEndpoint));
    }

    @ParameterizedTest
    @CsvSource({"ADMIN_LOGOUT, session-revoked", "PASSWORD_RESET, credential-change"})
    @Rules({"H7", "H8", "H9"})
    void whatTheTransmitterTellsIsOverAfterTheNextPoll(EndAtKeycloak end, String kind) throws Exception {
        List<Seen> all = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            Events since = new Events(queries);
            Seen seen = watch.watch(end, POLLED);
            assertThat(since.signals()).containsExactly(kind);
            assertThat(since.revokedFor(seen.alice().upstreamToken())).containsExactly(kind);
            watch.assertOnlyANewLoginWorks(end, seen.alice());
            all.add(seen);
        }
        System.out.printf("%s, %d runs, by %s: %s%n", end, RUNS, kind, Seen.longest(all));
    }
}
