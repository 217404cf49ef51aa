package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.ExchangeConfig;
import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.Pace;
import dev.xaabroker.exchange.ResourceAuthorizationServer;
import dev.xaabroker.exchange.ResourceAuthorizationServer.Redemption;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.keys.Sealer;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.KillSwitch;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.session.SessionStore;
import dev.xaabroker.state.IssuedTokens;
import dev.xaabroker.state.Lifetime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A token that came while what allowed it was shut is in the queue of revocations, whatever else fails. */
class WithheldTest {

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Scopes SCOPES = Scopes.of("read");
    private static final Kills SHUT = new Kills(Set.of(), Set.of(), Set.of("wiki"), Set.of());

    private volatile Instant now = Example.NOW;
    private volatile Kills kills = Kills.NONE;
    private volatile Runnable onRedeem = () -> {};
    private volatile Runnable onLedger = () -> {};
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private final MemoryState state = new MemoryState();
    private final Broker broker = broker();

    private Broker broker() {
        TestConfig config = new TestConfig();
        KeyRing ring = KeyRing.of(KeyRing.generate());
        KeyedHash hash = new KeyedHash(ring);
        IssuedTokens tokens = new IssuedTokens(state, new Sealer(ring), hash);
        Flights flights = new Flights(tokens, config);
        MassLogoutBreaker breaker = new MassLogoutBreaker(config, clock);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Pace pace = new Pace(Fake.of(ExchangeConfig.class, Map.of("idpRequestsPerMinute", arguments -> 6000)));
        SessionStore sessions = sessions();
        IdentityProvider idp = Fake.of(
                IdentityProvider.class,
                Map.of(
                        "idJag",
                        arguments -> new IdentityProvider.Leg1.Issued(
                                new IdJag(Secret.of("id.jag"), "j", SCOPES, now.plusSeconds(60), false))));
        Logins logins = new Logins(sessions, idp, pace, breaker, Example.reliedOn(), hash, clock);
        Shut shut = new Shut(Fake.of(KillSwitch.class, Map.of("inForce", arguments -> kills)));
        OutstandingTokens outstanding = Fake.of(
                OutstandingTokens.class,
                Map.of("record", arguments -> null, "revoke", arguments -> revoked.add((String) arguments[1])));
        Ledger ledger = entry -> onLedger.run();
        return new Broker(
                this::policy,
                new Underway(null, logins, shut, meters, clock),
                logins,
                shut,
                new Exchange(idp, authorizationServer(), sessions, breaker, clock),
                flights,
                new Renewals(flights, tokens, outstanding, ledger, pace, breaker, meters, config, clock),
                new FreshBudget(config),
                new RecentDenials(config),
                tokens,
                outstanding,
                new Revocations(null, null, null, null, null, null, clock),
                ledger,
                clock);
    }

    private SessionStore sessions() {
        return Fake.of(
                SessionStore.class,
                Map.of(
                        "byHandle",
                        arguments -> Example.session("https://idp.example", now),
                        "assertStillLive",
                        arguments -> null,
                        "proveAfresh",
                        arguments -> new SessionStore.Proved(
                                Example.session("https://idp.example", now), Optional.of(Example.PROOF))));
    }

    private ResourceAuthorizationServer authorizationServer() {
        return Fake.of(ResourceAuthorizationServer.class, Map.of("confirm", arguments -> null, "redeem", arguments -> {
            onRedeem.run();
            Secret token = Secret.of("token-" + issued.size());
            issued.add(Fingerprint.sha256(token.reveal()));
            return new Redemption.Redeemed(new AccessToken(token, "Bearer", SCOPES, now, LIFE));
        }));
    }

    private Policy policy() {
        return Fake.of(
                Policy.class,
                Map.of(
                        "tenant",
                        arguments -> "acme",
                        "revision",
                        arguments -> "r",
                        "maxSessionAge",
                        arguments -> Duration.ofHours(10),
                        "client",
                        arguments -> Optional.of(Example.client("corp")),
                        "server",
                        arguments -> Optional.of(ExchangeTest.WIKI),
                        "identityProvider",
                        arguments -> Example.idp(),
                        "beforeUser",
                        arguments -> Optional.empty(),
                        "decide",
                        arguments -> decide((Policy.Query) arguments[0])));
    }

    private static Decision decide(Policy.Query query) {
        return query.kills().filter(SHUT::equals).isPresent()
                ? new Decision.Refused(
                        Failure.Denied.of(Reason.SERVER_KILLED, "shut")
                                .refusal()
                                .failure(),
                        List.of())
                : new Decision.Allowed(List.of("all"), SCOPES, LIFE, "f", List.of());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private void connect() {
        broker.connect(Example.request(Example.client("corp")));
    }

    @Test
    @Rules({"F6", "H13"})
    void aTokenIsRevokedThatCannotBeTakenOutOfTheCache() {
        onLedger = () -> {
            kills = SHUT;
            state.down = true;
        };

        assertThatExceptionOfType(Refusal.class).isThrownBy(this::connect);

        assertThat(issued).hasSize(1);
        assertThat(revoked).containsExactlyElementsOf(issued);
    }

    @Test
    @Rules({"F6", "H13"})
    void aRenewalOfWhatIsShutMeanwhileLeavesNoToken() {
        connect();
        now = now.plus(LIFE).minus(Lifetime.MARGIN).minusSeconds(5);
        CountDownLatch answered = new CountDownLatch(1);
        onRedeem = () -> {
            await(answered);
            kills = SHUT;
        };

        connect();
        answered.countDown();

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (revoked.isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(issued).hasSize(2);
        assertThat(revoked).containsExactly(issued.getLast());
        assertThat(state.size()).as("nothing is cached").isZero();
    }
}
