package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {

    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OIDC = "/.well-known/openid-configuration";

    private final World world = new World();
    private final SampleRas ras = world.ras;

    @AfterEach
    void close() {
        world.close();
    }

    private void confirm() {
        world.resourceServer.confirm(world.server());
    }

    @Test
    @Rules({"D5"})
    void asksAtAllThreePlacesOfAPathIssuerInOrder() {
        world.audience = ras.issuer() + "/t1";
        ras.http.on("/t1" + OIDC, request -> Reply.json(200, metadata("issuer", world.audience)));

        confirm();

        assertThat(ras.http.paths()).containsExactly(OAUTH + "/t1", OIDC + "/t1", "/t1" + OIDC);
    }

    @Test
    @Rules({"D5"})
    void doesNotAskTheRootForAPathIssuerWhateverIsThere() {
        world.audience = ras.issuer() + "/t1";

        assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
        assertThat(ras.http.paths()).doesNotContain(OAUTH, OIDC);
    }

    @ParameterizedTest
    @Rules({"D5"})
    @ValueSource(ints = {404, 405, 400, 401, 403, 410})
    void goesOnToTheNextPlaceOnA4xx(int status) {
        ras.http.on(OAUTH, Reply.error(status, "no", ""));
        ras.http.on(OIDC, request -> Reply.json(200, ras.metadata));

        confirm();

        assertThat(ras.http.paths()).containsExactly(OAUTH, OIDC);
    }

    @ParameterizedTest
    @Rules({"D5"})
    @ValueSource(ints = {500, 502, 503, 429})
    void aServerThatIsBusyOrBrokenIsNotOneWithoutMetadata(int status) {
        ras.http.on(OAUTH, Reply.error(status, "later", "").with("Retry-After", "17"));
        ras.http.on(OIDC, request -> Reply.json(200, ras.metadata));

        assertThat(World.failure(this::confirm)).isInstanceOfSatisfying(Unavailable.class, failure -> {
            assertThat(failure.part()).isEqualTo("ras");
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(17));
        });
        assertThat(ras.http.paths()).containsExactly(OAUTH);
    }

    @Test
    @Rules({"D5"})
    void aServerThatDoesNotAnswerInTimeIsUnavailable() {
        world.timeout = Duration.ofMillis(200);
        ras.http.on(OAUTH, Reply.NEVER);

        assertThat(World.failure(this::confirm)).isInstanceOf(Unavailable.class);
        assertThat(ras.http.paths()).containsExactly(OAUTH);
    }

    @ParameterizedTest
    @Rules({"D6"})
    @ValueSource(strings = {"/", "/t1", ".evil.example", "?x", "#"})
    void refusesAnIssuerThatDiffersInAnyCharacterAndSaysSo(String tail) {
        ras.metadata.put("issuer", ras.issuer() + tail);

        try (Logged log = new Logged()) {
            assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
            assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
            assertThat(log.warnings()).anyMatch(line -> line.startsWith("security:") && line.contains("peer=figma"));
        }
        assertThat(ras.tokenRequests()).isEmpty();
    }

    @Test
    @Rules({"D6"})
    void anEvilServerThatBorrowsAnHonestIssuersNameGetsNothing() {
        try (SampleRas evil = new SampleRas()) {
            evil.metadata.put("issuer", ras.issuer());
            world.audience = evil.issuer();
            world.tokenEndpointOrigins = List.of(evil.issuer());

            assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
            assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
            assertThat(evil.http.requests).allMatch(request -> request.method().equals("GET"));
            assertThat(ras.http.requests).isEmpty();
        }
    }

    @Test
    @Rules({"D6"})
    void keepsTheSlashOfAnIssuerThatHasOne() {
        world.audience = ras.issuer() + "/";
        ras.metadata.put("issuer", world.audience);

        assertThatCode(this::confirm).doesNotThrowAnyException();
    }

    @Test
    @Rules({"D8"})
    void refusesATokenEndpointOnAnotherOriginUnlessItIsListed() {
        try (SampleRas elsewhere = new SampleRas()) {
            ras.metadata.put("token_endpoint", elsewhere.issuer() + "/token");

            assertThat(World.failure(world::leg2))
                    .isInstanceOfSatisfying(
                            PeerFault.class, fault -> assertThat(fault.detail()).contains("tokenEndpointOrigins"));
            assertThat(elsewhere.http.requests).isEmpty();

            world.tokenEndpointOrigins = List.of(elsewhere.issuer());
            assertThat(world.leg2()).isInstanceOf(ResourceAuthorizationServer.Redemption.Redeemed.class);
        }
    }

    @Test
    @Rules({"D8"})
    void refusesAnIdpsTokenEndpointOnAnotherOrigin() {
        world.idp.metadata.put("token_endpoint", ras.issuer() + "/token");

        assertThat(World.failure(world::leg1)).isInstanceOf(PeerFault.class);
        assertThat(ras.http.requests).isEmpty();
    }

    @ParameterizedTest
    @Rules({"D12"})
    @ValueSource(ints = {201, 203, 206})
    void acceptsNothingButA200(int status) {
        ras.http.on(OAUTH, request -> Reply.json(status, ras.metadata));

        assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
    }

    @Test
    @Rules({"D12"})
    void refusesADocumentOfMoreThan256Kilobytes() {
        ras.metadata.put("padding", "x".repeat(Document.MAX_BYTES));

        assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
    }

    private Map<String, Object> metadata(String member, Object value) {
        Map<String, Object> changed = new HashMap<>(ras.metadata);
        changed.put(member, value);
        return changed;
    }
}
