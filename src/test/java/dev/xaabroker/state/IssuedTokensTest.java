package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.keys.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IssuedTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration LONG = Duration.ofMinutes(5);

    private final KeyRing ring = KeyRing.of(KeyRing.generate());
    private final Sealer sealer = new Sealer(ring);
    private final KeyedHash hash = new KeyedHash(ring);
    private final AtomicLong nanos = new AtomicLong();
    private final State state = new InProcessState(100_000, nanos::get, Instant.EPOCH);
    private final IssuedTokens tokens = new IssuedTokens(state, sealer, hash);

    static CacheKey key(String user, String client, String resource) {
        return new CacheKey(
                "acme",
                "https://idp",
                "s1",
                new User(user),
                client,
                resource,
                "https://ras",
                Scopes.of("a", "b"),
                "d",
                "");
    }

    static CachedToken token(CacheKey key, String value, long seconds) {
        AccessToken token = new AccessToken(Secret.of(value), "bearer", Scopes.of("b", "a"), NOW, Duration.ofHours(1));
        return new CachedToken(key.user(), key.clientId(), key.resource(), 7, token, NOW.plusSeconds(seconds));
    }

    @Test
    void findsWhatItStored() {
        CacheKey key = key("u", "c", "r");
        store(key, token(key, "t", 300));
        assertThat(tokens.find(key, NOW)).contains(token(key, "t", 300));
        store(key, token(key, "newer", 300));
        assertThat(tokens.find(key, NOW)).contains(token(key, "newer", 300));
        tokens.remove(key);
        assertThat(tokens.find(key, NOW)).isEmpty();
    }

    /** Parts are drawn from strings that are each other's pieces, so that joining them carelessly would collide. */
    @Test
    @Rules("F1")
    void neverSharesAnEntryBetweenTwoDifferentRequests() {
        Random random = new Random(20261121);
        String[] pieces = {"a", "b", "ab", "ba", "a b", "", "a:b", "a\u0001b"};
        Map<CacheKey, String> last = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            CacheKey key = draw(random, pieces);
            String value = "token-" + i;
            store(key, token(key, value, 300));
            last.put(key, value);
        }
        assertThat(last).hasSizeGreaterThan(15_000);
        last.forEach((key, value) -> assertThat(tokens.find(key, NOW))
                .hasValueSatisfying(
                        found -> assertThat(found.token().value().reveal()).isEqualTo(value)));
    }

    private static CacheKey draw(Random random, String[] pieces) {
        return new CacheKey(
                one(random, pieces),
                one(random, pieces),
                one(random, pieces),
                new User(one(random, pieces)),
                one(random, pieces),
                one(random, pieces),
                one(random, pieces),
                Scopes.parse(one(random, new String[] {"", "a", "b", "ab", "a b"})),
                one(random, pieces),
                one(random, pieces));
    }

    private static String one(Random random, String[] pieces) {
        return pieces[random.nextInt(pieces.length)];
    }

    /** Two users, clients, servers, RASs, scopes, sessions, ...: all 1024 combinations have an entry of their own. */
    @Test
    @Rules("F1")
    void tellsRequestsApartByEachSinglePart() {
        for (int bits = 0; bits < 1024; bits++) {
            CacheKey key = combination(bits);
            store(key, token(key, "token-" + bits, 300));
        }
        for (int bits = 0; bits < 1024; bits++) {
            assertThat(tokens.find(combination(bits), NOW)
                            .orElseThrow()
                            .token()
                            .value()
                            .reveal())
                    .isEqualTo("token-" + bits);
        }
    }

    private static CacheKey combination(int bits) {
        String[] parts = new String[10];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = (bits >> i & 1) == 0 ? "x" : "y";
        }
        return new CacheKey(
                parts[0],
                parts[1],
                parts[2],
                new User(parts[3]),
                parts[4],
                parts[5],
                parts[6],
                Scopes.of(parts[7]),
                parts[8],
                parts[9]);
    }

    @Test
    @Rules("F2")
    void servesATokenUntilThirtySecondsBeforeItsEndAndNeverLongerForBeingUsed() {
        CacheKey key = key("u", "c", "r");
        store(key, token(key, "t", 300));
        for (int second = 0; second < 270; second += 10) {
            assertThat(tokens.find(key, NOW.plusSeconds(second))).isPresent();
        }
        assertThat(tokens.find(key, NOW.plusSeconds(270))).isEmpty();
    }

    @Test
    @Rules("F2")
    void storesNothingThatCouldNotBeServedAndDropsWhatWasThereBefore() {
        CacheKey key = key("u", "c", "r");
        store(key, token(key, "old", 300));
        store(key, token(key, "short", 30));
        assertThat(state.get(key.in(hash))).isEmpty();
    }

    @Test
    @Rules("F2")
    void doesNotServeLongerWhenTheClockJumpsBack() {
        CacheKey key = key("u", "c", "r");
        store(key, token(key, "t", 300));
        assertThat(tokens.find(key, NOW.minusSeconds(3600)))
                .as("issued in the future")
                .isEmpty();
        nanos.addAndGet(Duration.ofSeconds(271).toNanos());
        assertThat(tokens.find(key, NOW.plusSeconds(5)))
                .as("the store counts for itself")
                .isEmpty();
    }

    @Test
    @Rules({"F3", "K6"})
    void discardsAValueThatWasTamperedWith() {
        CacheKey key = key("u", "c", "r");
        String name = key.in(hash);
        store(key, token(key, "t", 300));
        byte[] sealed = state.get(name).orElseThrow();
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            state.put(name, altered, LONG);
            assertThat(tokens.find(key, NOW)).as("byte " + i).isEmpty();
            assertThat(state.get(name)).as("discarded").isEmpty();
        }
        state.put(name, new byte[0], LONG);
        assertThat(tokens.find(key, NOW)).isEmpty();
        state.put(name, sealed, LONG);
        assertThat(tokens.find(key, NOW)).isPresent();
    }

    @Test
    @Rules({"F1", "F3", "K6"})
    void opensNoValueUnderTheKeyOfAnother() {
        CacheKey alice = key("alice", "c", "r");
        CacheKey bob = key("bob", "c", "r");
        store(alice, token(alice, "of alice", 300));
        state.put(bob.in(hash), state.get(alice.in(hash)).orElseThrow(), LONG);
        assertThat(tokens.find(bob, NOW)).isEmpty();
        assertThat(tokens.find(alice, NOW)).isPresent();
    }

    @Test
    @Rules("F1")
    void comparesUserClientAndResourceEvenWhenTheSealHolds() {
        CacheKey key = key("u", "c", "r");
        String name = key.in(hash);
        for (CacheKey other : new CacheKey[] {key("u2", "c", "r"), key("u", "c2", "r"), key("u", "c", "r2")}) {
            state.put(name, sealer.seal(name, token(other, "t", 300).toBytes()), LONG);
            assertThat(tokens.find(key, NOW)).isEmpty();
            assertThat(state.get(name)).as("discarded").isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> store(key, token(other, "t", 300)));
        }
        state.put(name, sealer.seal(name, "{\"user\":1}".getBytes(StandardCharsets.UTF_8)), LONG);
        assertThat(tokens.find(key, NOW)).isEmpty();
    }

    private void store(CacheKey key, CachedToken token) {
        State.Lease lease = tokens.lease(key, Duration.ofSeconds(5)).orElseThrow();
        try {
            assertThat(tokens.store(key, token, NOW, lease)).isTrue();
        } finally {
            tokens.release(lease);
        }
    }
}
