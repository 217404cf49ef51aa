package dev.xaabroker.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.Test;

class SealerTest {

    private static final byte[] PLAIN = "refresh-token-canary".getBytes(UTF_8);

    private final String json = KeyRing.generate();
    private final Sealer sealer = new Sealer(KeyRing.of(json));

    @Test
    void opensWhatItSealed() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] plain = new byte[random.nextInt(2000)];
            random.nextBytes(plain);
            String aad = "session:" + random.nextLong();
            assertThat(sealer.open(aad, sealer.seal(aad, plain))).isEqualTo(plain);
        }
    }

    @Test
    @Rules("K6")
    void refusesAValueThatWasMovedFromAnotherPlace() {
        byte[] alice = sealer.seal("acme:session:alice", PLAIN);
        byte[] bob = sealer.seal("acme:session:bob", PLAIN);
        assertThatThrownBy(() -> sealer.open("acme:session:bob", alice)).isInstanceOf(SealBroken.class);
        assertThatThrownBy(() -> sealer.open("acme:session:alice", bob)).isInstanceOf(SealBroken.class);
        assertThatThrownBy(() -> sealer.open("", alice)).isInstanceOf(SealBroken.class);
    }

    @Test
    @Rules("K6")
    void refusesAValueWithAnyByteAltered() {
        byte[] sealed = sealer.seal("a", PLAIN);
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> sealer.open("a", altered)).isInstanceOf(SealBroken.class);
        }
    }

    @Test
    @Rules("K6")
    void refusesAValueThatWasCut() {
        byte[] sealed = sealer.seal("a", PLAIN);
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> sealer.open("a", cut)).isInstanceOf(SealBroken.class);
        }
        assertThatThrownBy(() -> sealer.open("a", Arrays.copyOf(sealed, sealed.length + 1)))
                .isInstanceOf(SealBroken.class);
    }

    @Test
    void sealsTheSameValueDifferentlyEachTime() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(Arrays.toString(sealer.seal("a", PLAIN)));
        }
        assertThat(seen).hasSize(100);
    }

    @Test
    @Rules("K6")
    void anotherKeyRingOpensNothingEvenUnderTheSameKeyId() {
        byte[] sealed = sealer.seal("a", PLAIN);
        assertThatThrownBy(() -> new Sealer(KeyRing.of(KeyRing.generate())).open("a", sealed))
                .isInstanceOf(SealBroken.class);
    }

    @Test
    @Rules("K6")
    void afterARotationOldValuesOpenAndNewOnesUseTheNewKey() {
        byte[] old = sealer.seal("a", PLAIN);
        Sealer rotated = new Sealer(KeyRing.of(rotated(json)));
        assertThat(rotated.open("a", old)).isEqualTo(PLAIN);
        byte[] fresh = rotated.seal("a", PLAIN);
        assertThat(new String(fresh, 2, 2, UTF_8)).isEqualTo("k2");
        assertThat(rotated.open("a", fresh)).isEqualTo(PLAIN);
        assertThatThrownBy(() -> sealer.open("a", fresh))
                .isInstanceOf(SealBroken.class)
                .hasMessage("sealed with a key that the key ring does not hold");
    }

    @Test
    @Rules({"K5", "K6"})
    void showsNothingOfTheContent() {
        byte[] sealed = sealer.seal("a", PLAIN);
        assertThat(new String(sealed, UTF_8)).doesNotContain("canary");
        assertThatThrownBy(() -> sealer.open("b", sealed))
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    @SuppressWarnings("unchecked")
    private static String rotated(String json) {
        Map<String, Object> ring = Minted.json(json);
        Map<String, Object> keys = new LinkedHashMap<>((Map<String, Object>) ring.get("keys"));
        Map<String, Object> other =
                (Map<String, Object>) Minted.json(KeyRing.generate()).get("keys");
        keys.put("k2", other.get("k1"));
        return JsonUtil.toJson(Minted.with(ring, "keys", keys, "current", "k2"));
    }
}
