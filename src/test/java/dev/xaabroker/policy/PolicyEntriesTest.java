package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.Signals.Ssf;
import dev.xaabroker.grant.SsfStream;
import dev.xaabroker.grant.SubjectStrategy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The optional keys of identity providers and servers, and what holds without them. */
class PolicyEntriesTest {

    @TempDir
    static Path directory;

    @BeforeAll
    static void writeKeys() {
        Example.writeKeys(directory);
    }

    @Test
    void theProfileSaysWhatTheEntryDoesNot() {
        IdentityProviderEntry plain = idp(Example.load(Example.FILE));
        IdentityProviderEntry keycloak = idp(Example.with("profile: id-jag", "profile: keycloak"));

        assertThat(plain.strategy()).isEqualTo(SubjectStrategy.RT_TO_ID_TOKEN);
        assertThat(plain.recheck()).isEqualTo(Duration.ofSeconds(60));
        assertThat(plain.sendResource()).isTrue();
        assertThat(plain.sendScope()).isTrue();
        assertThat(plain.resourcePinned()).isFalse();
        assertThat(plain.peer()).isEqualTo(new Peer("idp:corp", Network.PUBLIC, Duration.ofSeconds(5), 64));
        assertThat(keycloak.strategy()).isEqualTo(SubjectStrategy.RT_TO_ACCESS_TOKEN);
        assertThat(Example.load(Example.FILE).maxSessionAge()).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void anIdentityProviderCanBeAdjusted() {
        IdentityProviderEntry idp = idp(Example.with("profile: id-jag", """
                profile: id-jag
                    strategy: rt-direct
                    recheck: 30s
                    send: { resource: false, scope: false }
                    idJag: { resource: pinned }
                    tokenEndpointOrigins: ["https://tokens.acme.example:8443"]
                    timeouts: { request: 2s }
                    maxConcurrent: 8
                    network: private"""));

        assertThat(idp.strategy()).isEqualTo(SubjectStrategy.RT_DIRECT);
        assertThat(idp.recheck()).isEqualTo(Duration.ofSeconds(30));
        assertThat(idp.sendResource()).isFalse();
        assertThat(idp.sendScope()).isFalse();
        assertThat(idp.resourcePinned()).isTrue();
        assertThat(idp.tokenEndpointOrigins()).containsExactly("https://tokens.acme.example:8443");
        assertThat(idp.peer()).isEqualTo(new Peer("idp:corp", Network.PRIVATE, Duration.ofSeconds(2), 8));
    }

    @Test
    void onlyTheWaysThatAreListedAreOpen() {
        IdentityProviderEntry silent = idp(Example.load(Example.FILE));
        IdentityProviderEntry telling = idp(Example.with("profile: id-jag", """
                profile: id-jag
                    signals: [backchannel-logout]"""));

        assertThat(silent.signals()).isEqualTo(Signals.none("https://idp.acme.example", "acme"));
        assertThat(telling.signals().comeBy(Signals.Way.BACKCHANNEL_LOGOUT)).isTrue();
        assertThat(telling.signals().comeBy(Signals.Way.SSF)).isFalse();
        assertThat(telling.signals().comeBy(Signals.Way.GLOBAL_TOKEN_REVOCATION))
                .isFalse();
    }

    @Test
    void aStreamIsTheIdentityProvidersOwnUnlessSaidOtherwise() {
        Policy plain = Example.with("profile: id-jag", """
                profile: id-jag
                    signals: [ssf]""");
        Policy other = Example.with("profile: id-jag", """
                profile: id-jag
                    signals: [ssf]
                    ssf: { transmitter: "https://t.example", audience: us, tenant: "0042", authorization: env:SECRET }""");

        assertThat(idp(plain).signals().ssf()).isEqualTo(new Ssf("https://idp.acme.example", null, "acme", null));
        assertThat(idp(other).signals().ssf())
                .isEqualTo(new Ssf("https://t.example", "us", "0042", Secret.of(Example.SECRET)));
        assertThat(other.identityProvider("corp")).contains(idp(other));
        assertThat(other.identityProvider("corp2")).isEmpty();
        assertThat(other.identityProviders()).containsExactly(idp(other));
        assertThat(idp(other)).asString().doesNotContain(Example.SECRET);
    }

    @Test
    void aStreamThatIsLookedAfterIsPushedOrFetched() {
        SsfStream pushed = stream("{ token: env:SECRET }");
        SsfStream fetched = stream(
                "{ delivery: poll, pollEvery: 2s, verifyEvery: 1m, degradedRecheck: 5s, auth: { method: client_secret_post,"
                        + " clientId: broker, secret: env:SECRET } }");

        assertThat(stream("{ audience: us }")).isEqualTo(SsfStream.BY_HAND);
        assertThat(stream("{ audience: us }").isManaged()).isFalse();
        assertThat(pushed)
                .isEqualTo(new SsfStream(
                        SsfStream.Delivery.PUSH,
                        new SsfStream.Management.Token(Secret.of(Example.SECRET)),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(15)));
        assertThat(fetched)
                .isEqualTo(new SsfStream(
                        SsfStream.Delivery.POLL,
                        new SsfStream.Management.Registration(
                                new Credentials.SecretPost("broker", Secret.of(Example.SECRET))),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5)));
        assertThat(fetched).asString().doesNotContain(Example.SECRET);
    }

    /** It is what {@code recheck} drops to. */
    @Test
    void theDegradedRecheckIsNeverTheLongerOne() {
        assertThat(stream("{ token: env:SECRET }\n    recheck: 10s").degradedRecheck())
                .isEqualTo(Duration.ofSeconds(10));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> stream("{ token: env:SECRET, degradedRecheck: 30s }\n    recheck: 20s"))
                .isInstanceOf(PolicyInvalid.class)
                .hasMessageContaining("`degradedRecheck` is at most 20s");
    }

    /** What signs for the broker at a transmitter is published like all its keys. */
    @Test
    void theKeyOfAStreamIsAmongTheKeys() {
        Policy policy = Example.load(Example.exchange("profile: id-jag", """
                        profile: id-jag
                            signals: [ssf]
                            ssf: { auth: { method: private_key_jwt, clientId: broker, key: file:figma.pem } }"""), directory);

        assertThat(policy.signingKeys()).hasSize(1);
    }

    private static SsfStream stream(String ssf) {
        return idp(Example.with("profile: id-jag", "profile: id-jag\n    signals: [ssf]\n    ssf: " + ssf))
                .signals()
                .ssf()
                .stream();
    }

    @Test
    void aServerCanBeAdjusted() {
        Server server = Example.with("    owner: design-ops\n", """
                            longTokens: accept
                            assumeCapable: true
                            send: { scope: false }
                            tier: restricted
                            authFor: { claude: { method: client_secret_post, clientId: c, secret: env:SECRET } }
                        """.replace("        ", "    ")
                        .replaceAll("(?m)^ +", "    "))
                .server(Example.FIGMA)
                .orElseThrow();

        assertThat(server.longTokens()).isEqualTo(LongTokens.ACCEPT);
        assertThat(server.assumeCapable()).isTrue();
        assertThat(server.sendScope()).isFalse();
        assertThat(server.sendResource()).isTrue();
        assertThat(server.tier()).isEqualTo(Server.Tier.RESTRICTED);
        assertThat(server.owner()).isEqualTo("it@acme.example");
        assertThat(server.authFor()).containsOnlyKeys("claude");
    }

    @Test
    void theShapeOfAnAssertionComesFromTheNearestPlaceThatNamesIt() {
        String key = "method: private_key_jwt, key: file:figma.pem";
        String cursor = "method: client_secret_basic, secret: env:SECRET }\n  claude:";
        String text = Example.exchange(cursor, key + ", typ: JWT }\n  claude:")
                .replace("profile: id-jag", "profile: id-jag\n    auth: { audience: token-endpoint, typ: none }");

        Policy policy = Example.load(text, directory);
        Credentials.PrivateKeyJwt jwt = (Credentials.PrivateKeyJwt)
                policy.client("cursor").orElseThrow().atIdentityProvider();

        assertThat(jwt.shape()).isEqualTo(new AssertionShape(AssertionShape.TOKEN_ENDPOINT, "JWT"));
        assertThat(policy.signingKeys()).containsExactly(jwt.key());
        assertThat(((Credentials.PrivateKeyJwt) Example.load(text.replace(", typ: JWT", ""), directory)
                                .client("cursor")
                                .orElseThrow()
                                .atIdentityProvider())
                        .shape())
                .isEqualTo(new AssertionShape(AssertionShape.TOKEN_ENDPOINT, null));
    }

    @Test
    void httpOnLoopbackNeedsTheSwitch() {
        String text = Example.FILE.replace("https://idp.acme.example", "http://localhost:8180/realms/acme");
        PolicyReader development = PolicyReader.serving(Example::environment, true);

        assertThat(idp(development.read("policy.yaml", text, directory)).issuer())
                .isEqualTo("http://localhost:8180/realms/acme");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Example.load(text))
                .isInstanceOf(PolicyInvalid.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> development.read(
                        "policy.yaml",
                        text.replace("http://localhost:8180", "http://localhost.evil.example"),
                        directory))
                .isInstanceOf(PolicyInvalid.class);
    }

    private static IdentityProviderEntry idp(Policy policy) {
        return policy.identityProvider(policy.client("cursor").orElseThrow());
    }
}
