package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.PublishedGuard;
import dev.xaabroker.grant.PublishedGuard.Redeems;
import dev.xaabroker.grant.PublishedResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over the real outbound client, with loopback open as in development. */
class ServerDiscoveryTest {

    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    private final LoopbackPeer server = new LoopbackPeer();
    private final SampleRas ras = new SampleRas();
    private final ServerDiscovery discovery = ServerDiscovery.alone(Network.PUBLIC, true);
    private final String url = server.url() + "/mcp";

    @AfterEach
    void close() {
        discovery.close();
        server.close();
        ras.close();
    }

    private Reply document(String resource) {
        Map<String, Object> members = new HashMap<>();
        members.put("resource", resource);
        members.put("authorization_servers", List.of(ras.issuer()));
        members.put("scopes_supported", List.of("b", "a"));
        return Reply.json(200, members);
    }

    private void challenge(String metadata) {
        server.on(
                "/mcp",
                Reply.error(401, "invalid_token", "")
                        .with("WWW-Authenticate", "Bearer resource_metadata=\"" + metadata + "\""));
    }

    private PublishedResource find() {
        return discovery.resource(url, Optional.empty());
    }

    private Failure failure() {
        return World.failure(this::find);
    }

    @Test
    @Rules({"D1", "D3"})
    void followsTheChallengeAndAsksNowhereElse() {
        challenge(server.url() + "/meta");
        server.on("/meta", document(url));

        assertThat(find().resource()).isEqualTo(url);
        assertThat(find().scopes()).containsExactly("b", "a");
        assertThat(server.paths().subList(0, 2)).containsExactly("/mcp", "/meta");
    }

    @Test
    @Rules({"D1"})
    void asksForThePathsOwnDocumentFirstAndNeverForTheHostsWhenThereIsOne() {
        server.on(WELL_KNOWN + "/mcp", document(url));
        server.on(WELL_KNOWN, document(server.url()));

        assertThat(find().resource()).isEqualTo(url);
        assertThat(server.paths()).containsExactly("/mcp", WELL_KNOWN + "/mcp");
    }

    @Test
    @Rules({"D1", "D3"})
    void fallsBackToTheHostsDocumentWhichIsOfTheHost() {
        server.on(WELL_KNOWN, document(server.url()));

        assertThat(find().resource()).isEqualTo(server.url());
        assertThat(server.paths()).containsExactly("/mcp", WELL_KNOWN + "/mcp", WELL_KNOWN);
    }

    @Test
    @Rules({"D1"})
    void doesNotLookElsewhereWhenTheChallengeLeadsNowhere() {
        challenge(server.url() + "/gone");
        server.on(WELL_KNOWN + "/mcp", document(url));

        assertThat(failure()).isInstanceOf(PeerFault.class);
        assertThat(server.paths()).doesNotContain(WELL_KNOWN + "/mcp");
    }

    @ParameterizedTest
    @Rules({"D1"})
    @ValueSource(ints = {500, 503, 429})
    void aServerThatIsBusyIsNotOneWithoutADocument(int status) {
        server.on(WELL_KNOWN + "/mcp", Reply.error(status, "later", ""));
        server.on(WELL_KNOWN, document(server.url()));

        assertThat(failure()).isInstanceOf(Unavailable.class);
        assertThat(server.paths()).doesNotContain(WELL_KNOWN);
    }

    @ParameterizedTest
    @Rules({"D2"})
    @CsvSource({
        "https://h.example/mcp, https://h.example/.well-known/oauth-protected-resource/mcp",
        "https://h.example/mcp/, https://h.example/.well-known/oauth-protected-resource/mcp/",
        "https://h.example, https://h.example/.well-known/oauth-protected-resource",
        "https://h.example/, https://h.example/.well-known/oauth-protected-resource",
        "https://h.example:8443/a/b, https://h.example:8443/.well-known/oauth-protected-resource/a/b",
        "https://h.example/mcp?x=/y, https://h.example/.well-known/oauth-protected-resource/mcp?x=/y",
        "https://h.example?x=1, https://h.example/.well-known/oauth-protected-resource?x=1",
        "https://h.example/?x=1, https://h.example/.well-known/oauth-protected-resource?x=1",
        "https://h.example/a%2Fb, https://h.example/.well-known/oauth-protected-resource/a%2Fb",
    })
    void buildsTheWellKnownUrlAsRfc9728Says(String resource, String expected) {
        assertThat(WellKnown.protectedResource(resource)).isEqualTo(expected);
    }

    @ParameterizedTest
    @Rules({"D3"})
    @ValueSource(strings = {"/mcp/", "/MCP", "", "/other", "/mcp?x"})
    void refusesADocumentOfAnotherResourceUnlessItIsPinned(String path) {
        String other = server.url() + path;
        challenge(server.url() + "/meta");
        server.on("/meta", document(other));

        assertThat(failure()).isInstanceOfSatisfying(PeerFault.class, fault -> assertThat(fault.detail())
                .contains("resource mismatch", "--resource " + other));
        assertThat(discovery.resource(url, Optional.of(other)).resource()).isEqualTo(other);
    }

    @Test
    @Rules({"D3"})
    void pinsNothingOfAnotherOrigin() {
        challenge(server.url() + "/meta");
        server.on("/meta", document("https://elsewhere.example/mcp"));

        assertThat(World.failure(() -> discovery.resource(url, Optional.of("https://elsewhere.example/mcp"))))
                .isInstanceOf(PeerFault.class);
        assertThat(server.requests).isEmpty();
    }

    @ParameterizedTest
    @Rules({"D4"})
    @ValueSource(strings = {"{\"resource\":\"URL\"}", "{\"resource\":\"URL\",\"authorization_servers\":[]}"})
    void refusesAServerThatNamesNoAuthorizationServer(String body) {
        server.on(WELL_KNOWN + "/mcp", new Reply(200, Map.of(), body.replace("URL", url)));

        assertThat(failure()).isInstanceOf(PeerFault.class);
    }

    @ParameterizedTest
    @Rules({"D12"})
    @ValueSource(
            strings = {"[]", "nonsense", "{\"resource\":7}", "{\"resource\":\"URL\",\"authorization_servers\":\"x\"}"})
    void refusesADocumentOfAnotherShape(String body) {
        server.on(WELL_KNOWN + "/mcp", new Reply(200, Map.of(), body.replace("URL", url)));

        assertThat(failure()).isInstanceOf(PeerFault.class);
    }

    @Test
    @Rules({"D9"})
    void saysWhetherTheAuthorizationServerRedeemsIdJags() {
        assertThat(guard().redeems()).isEqualTo(Redeems.YES);
    }

    @Test
    @Rules({"D9"})
    void theGrantAloneIsAPerhaps() {
        ras.metadata.remove("authorization_grant_profiles_supported");
        assertThat(guard().redeems()).isEqualTo(Redeems.PERHAPS);
    }

    @Test
    @Rules({"D9"})
    void withoutTheGrantItDoesNot() {
        ras.metadata.remove("authorization_grant_profiles_supported");
        ras.metadata.remove("grant_types_supported");
        assertThat(guard().redeems()).isEqualTo(Redeems.NO);
    }

    @Test
    @Rules({"D8", "D10"})
    void saysHowToRegisterAndWhetherTheTokenEndpointIsElsewhere() {
        ras.metadata.put("token_endpoint", "https://elsewhere.example/token");
        ras.metadata.put("client_id_metadata_document_supported", true);
        ras.metadata.put("registration_endpoint", ras.issuer() + "/register");

        PublishedGuard guard = guard();

        assertThat(guard.tokenEndpointElsewhere()).isTrue();
        assertThat(guard.clientIdMetadata()).isTrue();
        assertThat(guard.registers()).isTrue();
        assertThat(ras.http.requests).allMatch(request -> request.method().equals("GET"));
    }

    @Test
    @Rules({"D6"})
    void believesNoMetadataOfAnotherIssuer() {
        ras.metadata.put("issuer", "https://honest.example");

        assertThat(World.failure(this::guard)).isInstanceOf(PeerFault.class);
    }

    private PublishedGuard guard() {
        return discovery.authorizationServer(ras.issuer());
    }

    @Test
    @Rules({"K1"})
    void reachesNoLoopbackAddressOutsideDevelopment() {
        try (ServerDiscovery strict = ServerDiscovery.alone(Network.PUBLIC, false)) {
            assertThat(World.failure(() -> strict.resource(url, Optional.empty())))
                    .isInstanceOf(PeerFault.class);
        }
        assertThat(server.requests).isEmpty();
    }
}
