package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.SubjectStrategy;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.ClientAssertions;
import dev.xaabroker.keys.IdJagVerifier;
import dev.xaabroker.keys.IdTokenVerifier;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The broker's two hops out, wired as in the application, between a sample IdP and a sample RAS that speak real HTTP. */
final class World implements AutoCloseable {

    static final String RESOURCE = "https://mcp.figma.example/mcp";
    static final Scopes SCOPES = Scopes.of("files.read", "files.write");
    static final Duration SKEW = Duration.ofSeconds(30);

    private record Config(
            Duration unreachableFor,
            Duration absentFor,
            Duration refreshInterval,
            Duration circuitOpen,
            int idpRequestsPerMinute)
            implements ExchangeConfig {}

    final MovableClock clock = new MovableClock();
    final SampleIdp idp = new SampleIdp(clock);
    final SampleRas ras = new SampleRas();
    final KeyedHash hash = new KeyedHash(KeyRing.of(KeyRing.generate()));
    final AtomicLong nanos = new AtomicLong();
    /** On a clock of its own, which stands still too. */
    final Pace pace;

    final Discovery discovery;
    final IdentityProvider identityProvider;
    final ResourceAuthorizationServer resourceServer;
    private final SharedSignals sharedSignals;

    Credentials atIdp = new Credentials.SecretBasic("cursor-at-idp", Secret.of("idp-secret-canary"));
    Credentials atRas = new Credentials.SecretBasic("broker-at-ras", Secret.of("ras-secret-canary"));
    Profile profile = Profile.ID_JAG;
    SubjectStrategy strategy = SubjectStrategy.RT_DIRECT;
    boolean idpSendsResource = true;
    boolean idpSendsScope = true;
    boolean resourcePinned = false;
    boolean rasSendsResource = true;
    boolean rasSendsScope = true;
    boolean assumeCapable = false;
    LongTokens longTokens = LongTokens.REFUSE;
    Map<String, String> claims = Map.of("groups", "groups");
    List<String> tokenEndpointOrigins = List.of();
    String audience = ras.issuer();
    Duration timeout = Duration.ofSeconds(5);

    World() {
        this(6000);
    }

    World(int idpRequestsPerMinute) {
        pace = new Pace(idpRequestsPerMinute, nanos::get);
        PlainOutbound outbound = new PlainOutbound();
        ExchangeConfig config = new Config(
                Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(1), 6000);
        PeerAuthentication authentication = new PeerAuthentication(new ClientAssertions(clock));
        discovery = new Discovery(outbound, clock, config);
        KeySets keys = new KeySets(outbound, discovery, clock, config);
        TokenEndpoint endpoint = new TokenEndpoint(outbound, authentication, discovery, pace, clock);
        Revocation revocation = new Revocation(outbound, authentication, discovery, pace, clock);
        sharedSignals = new HttpSharedSignals(
                new Transmitters(outbound, clock, config),
                new TransmitterCalls(outbound, discovery, endpoint, clock),
                clock);
        identityProvider = new HttpIdentityProvider(
                discovery,
                endpoint,
                keys,
                new IdTokens(keys, new IdTokenVerifier(clock, SKEW), hash),
                new UserInfo(outbound, hash, clock),
                new IdJagAnswer(keys, new IdJagVerifier(clock, SKEW), hash),
                revocation,
                clock);
        resourceServer = new HttpResourceAuthorizationServer(
                discovery,
                new Capability(),
                new Circuits(clock, config),
                endpoint,
                new RedeemedAnswer(revocation, clock),
                revocation);
    }

    SharedSignals sharedSignals() {
        return sharedSignals;
    }

    IdentityProviderEntry idpEntry() {
        return new IdentityProviderEntry(
                "acme",
                "corp",
                idp.issuer(),
                Status.ENABLED,
                profile,
                strategy,
                Duration.ofSeconds(60),
                claims,
                idpSendsResource,
                idpSendsScope,
                resourcePinned,
                List.of(),
                new Peer("corp", Network.PRIVATE, timeout, 64),
                Signals.none(idp.issuer(), "acme"));
    }

    Client client() {
        return new Client(
                "cursor",
                "dev-tools",
                Status.ENABLED,
                new ClientAuth.SecretBasic(Secret.of("client-secret")),
                "corp",
                atIdp);
    }

    Server server() {
        return new Server(
                "figma",
                RESOURCE,
                List.of(),
                audience,
                "design-ops",
                Server.Tier.INTERNAL,
                Status.ENABLED,
                SCOPES,
                longTokens,
                atRas,
                Map.of(),
                rasSendsResource,
                rasSendsScope,
                assumeCapable,
                tokenEndpointOrigins,
                new Peer("figma", Network.PRIVATE, timeout, 64));
    }

    User user() {
        return hash.user("acme", idp.issuer(), SampleIdp.USER);
    }

    IdJag idJag() {
        return new IdJag(Secret.of("id-jag-canary-0123456789"), "jti-1", SCOPES, clock.instant(), false);
    }

    IdentityProvider.Leg1 leg1() {
        return leg1(Secret.of("subject-token-canary"), false);
    }

    IdentityProvider.Leg1 leg1(Secret subjectToken, boolean sessionless) {
        return identityProvider.idJag(idpEntry(), client(), server(), SCOPES, subjectToken, sessionless, user());
    }

    ResourceAuthorizationServer.Redemption leg2() {
        return resourceServer.redeem(server(), client(), idJag(), SCOPES);
    }

    /** The failure with which {@code call} is refused. */
    static Failure failure(ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call).failure();
    }

    @Override
    public void close() {
        idp.close();
        ras.close();
    }
}
