package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.ExchangeConfig;
import dev.xaabroker.exchange.Pace;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.keys.Sealer;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.CacheKey;
import dev.xaabroker.state.CachedToken;
import dev.xaabroker.state.IssuedTokens;
import dev.xaabroker.state.Lifetime;
import dev.xaabroker.state.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RenewalsTest {

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Scopes SCOPES = Scopes.of("read");

    private volatile Instant now = Example.NOW;
    private final Clock clock = clockOf(() -> now);
    private final TestConfig config = new TestConfig();
    private final MemoryState state = new MemoryState();
    private final KeyRing ring = KeyRing.of(KeyRing.generate());
    private final IssuedTokens tokens = new IssuedTokens(state, new Sealer(ring), new KeyedHash(ring));
    private final Flights flights = new Flights(tokens, config);
    private final MassLogoutBreaker breaker = new MassLogoutBreaker(config, clock);
    private final List<Entry> ledger = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile boolean ended;

    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private final OutstandingTokens outstanding =
            Fake.of(OutstandingTokens.class, Map.of("revoke", arguments -> revoked.add((String) arguments[1])));
    private boolean tight;
    private final Renewals renewals = renewals();

    private Renewals renewals() {
        Pace pace = new Pace(Fake.of(ExchangeConfig.class, Map.of("idpRequestsPerMinute", arguments -> 6000))) {
            @Override
            public boolean isTight(Peer idp) {
                return tight;
            }
        };
        return new Renewals(flights, tokens, outstanding, ledger::add, pace, breaker, meters, config, clock);
    }

    private static Clock clockOf(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }

    private static CacheKey key(String resource) {
        return new CacheKey(
                "acme", "https://idp.example", "id", Example.ALICE, "cursor", resource, "ras", SCOPES, "f", "");
    }

    private static CachedToken token(Instant issued) {
        return token("https://mcp.example", issued);
    }

    private static CachedToken token(String resource, Instant issued) {
        AccessToken token = new AccessToken(Secret.of(UUID.randomUUID().toString()), "Bearer", SCOPES, issued, LIFE);
        return new CachedToken(Example.ALICE, "cursor", resource, 0, token, issued.plus(LIFE));
    }

    private Renewals.Found found(CachedToken token) {
        return found(token, login());
    }

    private Renewals.Found found(CachedToken token, Login login) {
        Policy policy = Fake.of(Policy.class, Map.of("tenant", arguments -> "acme", "revision", arguments -> "r"));
        IdentityProviderEntry idp = Example.idp();
        Journey journey = new Journey(Example.request(Example.client("corp")), now);
        journey.under(policy);
        journey.by(login);
        journey.fromCache();
        return new Renewals.Found(policy, idp, login, key(token.resource()), token, journey, this::assertStillOn);
    }

    private void assertStillOn() {
        if (ended) {
            throw Failure.Denied.of(Reason.SESSION_ENDED, "over").refusal();
        }
    }

    private static Login login() {
        return new Login.InSession(
                Example.session("https://idp.example", Example.NOW), Optional.empty(), Optional.empty());
    }

    /** In the cache, and in its last part wherever that begins. */
    private CachedToken due() {
        CachedToken token = token(now);
        store(token);
        now = now.plus(LIFE).minus(Lifetime.MARGIN).minusSeconds(5);
        return token;
    }

    private void store(CachedToken token) {
        State.Lease lease = tokens.lease(key(token.resource()), LIFE).orElseThrow();
        assertThat(tokens.store(key(token.resource()), token, now, lease)).isTrue();
        tokens.release(lease);
    }

    private Exchange.Flown fetch(State.Lease lease, String resource) throws Flights.LeaseLost {
        fetches.incrementAndGet();
        CachedToken fresh = token(resource, now);
        if (!tokens.store(key(resource), fresh, now, lease)) {
            throw new Flights.LeaseLost();
        }
        return new Exchange.Flown(fresh, Optional.of(new Journey.Exchanged(Duration.ZERO, Duration.ZERO, "j", false)));
    }

    private boolean use(CachedToken token) {
        return renewals.used(found(token), (lease, journey) -> fetch(lease, token.resource()));
    }

    private double count(String outcome) {
        return meters.counter("xaa.broker.renewals", "outcome", outcome).count();
    }

    private void await(String outcome) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (count(outcome) < 1) {
            assertThat(System.nanoTime()).as("no " + outcome).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Optional<CachedToken> cached() {
        return tokens.find(key("https://mcp.example"), now);
    }

    @Test
    void aUseInTheLastPartOfATokensLifePutsANewOneInItsPlace() {
        CachedToken old = due();

        use(old);
        await("renewed");

        assertThat(cached().orElseThrow()).isNotEqualTo(old);
        assertThat(cached().orElseThrow().end()).isEqualTo(now.plus(LIFE));
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.decision()).isEqualTo("renewed");
            assertThat(entry.cache()).isEqualTo("renewed");
            assertThat(entry.sessionId()).isEqualTo("id");
            assertThat(entry.idJagIdHash()).isEqualTo("j");
        });
    }

    @Test
    void aUseBeforeThatRenewsNothing() {
        CachedToken young = token(now);
        store(young);
        now = now.plus(LIFE.minus(Lifetime.MARGIN).multipliedBy(74).dividedBy(100));

        assertThat(use(young)).isFalse();
    }

    @Test
    void manyUsesCauseOneRenewalAndNoneOfThemWaits() throws Exception {
        CachedToken old = due();
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch under = new CountDownLatch(1);

        for (int i = 0; i < 50; i++) {
            renewals.used(found(old), (lease, journey) -> {
                under.countDown();
                gate(gate);
                return fetch(lease, old.resource());
            });
        }
        assertThat(under.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cached()).as("still served").contains(old);
        gate.countDown();
        await("renewed");

        use(old);
        assertThat(fetches).hasValue(1);
    }

    private static void gate(CountDownLatch gate) {
        try {
            assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another replica was faster: its token is in the cache. */
    @Test
    void isContentWithWhatAnotherReplicaRenewed() {
        CachedToken old = due();
        CachedToken theirs = token(now);
        store(theirs);

        use(old);
        await("joined");

        assertThat(fetches).hasValue(0);
        assertThat(cached()).contains(theirs);
        assertThat(ledger).isEmpty();
    }

    /** RULES F6: the exchange began before the end; what comes of it is thrown away. */
    @Test
    @Rules("F6")
    void aRenewalThatTheEndOfItsSessionOvertakesLeavesNoToken() throws Exception {
        CachedToken old = due();
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch under = new CountDownLatch(1);
        renewals.used(found(old), (lease, journey) -> {
            under.countDown();
            gate(gate);
            return fetch(lease, old.resource());
        });
        assertThat(under.await(10, TimeUnit.SECONDS)).isTrue();

        ended = true;
        gate.countDown();
        await("withheld");

        assertThat(cached()).isEmpty();
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.decision()).isEqualTo("withheld");
            assertThat(entry.reason()).isEqualTo("session-ended");
            assertThat(entry.cache()).isEqualTo("renewed");
        });
    }

    @Test
    void aFailureChangesNothingAndIsNotTriedAgainAtOnce() {
        CachedToken old = due();

        for (int i = 0; i < 2; i++) {
            renewals.used(found(old), (lease, journey) -> {
                fetches.incrementAndGet();
                throw new Failure.Unavailable("ras", Duration.ofSeconds(1), "down").refusal();
            });
            await("failed");
        }

        assertThat(fetches).hasValue(1);
        assertThat(cached()).contains(old);
        assertThat(ledger).isEmpty();
    }

    @Test
    void aLoginWithoutASessionRenewsNothing() {
        CachedToken old = due();
        Login alone = new Login.Sessionless(Example.IDENTITY, Secret.of("id-token"), "id", now.plusSeconds(60));

        assertThat(renewals.used(found(old, alone), (lease, journey) -> fetch(lease, old.resource())))
                .isFalse();
    }

    @Test
    void renewsNothingWhileTheBudgetOfTheIdpIsTight() {
        CachedToken old = due();

        tight = true;
        assertThat(use(old)).isFalse();

        tight = false;
        assertThat(use(old)).isTrue();
    }

    @Test
    void renewsNothingWhileAMassLogoutIsInTheAir() {
        CachedToken old = due();
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> breaker.guard("corp", () -> {
                        throw new Failure.SessionDead("dead").refusal();
                    }));
        }

        assertThat(use(old)).isFalse();
    }

    @Test
    void hasNoMoreUnderWayAtOnceThanItMay() throws Exception {
        List<CachedToken> all = new ArrayList<>();
        Instant issued = now;
        for (int i = 0; i < 40; i++) {
            all.add(token("https://mcp.example/" + i, issued));
        }
        now = now.plus(LIFE).minus(Lifetime.MARGIN).minusSeconds(5);
        Semaphore gate = new Semaphore(0);
        CountDownLatch full = new CountDownLatch(config.renewAtOnce());
        for (CachedToken token : all) {
            renewals.used(found(token), (lease, journey) -> {
                full.countDown();
                gate.acquireUninterruptibly();
                return fetch(lease, token.resource());
            });
        }
        assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
        gate.release(all.size());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (count("renewed") < config.renewAtOnce()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }

        assertThat(fetches).hasValue(config.renewAtOnce());
        assertThat(count("renewed")).isEqualTo(config.renewAtOnce());
    }

    /** Monday morning: 1,000 tokens issued within a second, all in steady use. */
    @Test
    void spreadsAWaveOfExpiries() {
        TreeMap<Long, Integer> perSecond = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            CachedToken token = token(now.plusMillis(i));
            Instant at = now;
            while (!renewals.isDue(token, at)) {
                at = at.plusMillis(100);
            }
            assertThat(at).isBefore(token.end().minus(Lifetime.MARGIN).minusSeconds(20));
            perSecond.merge(Duration.between(now, at).toSeconds(), 1, Integer::sum);
        }

        int most = perSecond.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        System.out.printf(
                "1000 tokens issued within 1 s: renewed from %d s to %d s after it, at most %d in one second%n",
                perSecond.firstKey(), perSecond.lastKey(), most);
        assertThat(perSecond.lastKey() - perSecond.firstKey()).isGreaterThan(35);
        assertThat(most).isLessThan(60);
    }
}
