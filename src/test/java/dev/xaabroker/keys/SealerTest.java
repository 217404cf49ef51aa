package dev.xaabroker.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
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
    void refusesAValueWithAnyBitAltered() {
        for (byte[] sealed : List.of(sealer.seal("a", PLAIN), sealer.sealBriefly("a", PLAIN))) {
            for (int bit = 0; bit < sealed.length * 8; bit++) {
                byte[] altered = sealed.clone();
                altered[bit / 8] ^= (byte) (1 << bit % 8);
                assertThatThrownBy(() -> sealer.open("a", altered)).isInstanceOf(SealBroken.class);
            }
        }
    }

    @Test
    @Rules("K6")
    void refusesADataKeyOfAnotherPlaceAndAContentOfAnotherRecord() {
        byte[] alice = sealer.seal("alice", PLAIN);
        byte[] bob = sealer.seal("bob", PLAIN);
        byte[] again = sealer.seal("alice", PLAIN);
        int content = alice.length - PLAIN.length - Gcm.OVERHEAD;
        for (byte[] other : List.of(bob, again)) {
            byte[] mixed = alice.clone();
            System.arraycopy(other, content, mixed, content, other.length - content);
            assertThatThrownBy(() -> sealer.open("alice", mixed)).isInstanceOf(SealBroken.class);
            assertThatThrownBy(() -> sealer.open("bob", mixed)).isInstanceOf(SealBroken.class);
        }
    }

    /** Written by the version before envelopes, with the bytes 0 to 31 as key k1. */
    @Test
    void opensWhatEarlierVersionsSealed() {
        byte[] before = HexFormat.of()
                .parseHex("01026b310f1c7bda2958523351c8d3fe64a6d536b24667b3797cac8bbd71661438e474ba418feafd8457a7dc7ae7"
                        + "f444e6942fe9");
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        Map<String, Object> ring = Minted.json(json);
        String fixed = JsonUtil.toJson(
                Minted.with(ring, "keys", Map.of("k1", Base64.getEncoder().encodeToString(key))));

        assertThat(new Sealer(KeyRing.of(fixed)).open("session\nid\nrefresh_token\nacme", before))
                .isEqualTo(PLAIN);
    }

    @Test
    @Rules("K6")
    void eachValueHasADataKeyOfItsOwnUnderTheKeyItNames() {
        RecordingKeys keys = new RecordingKeys();
        Sealer remote = new Sealer(KeyRing.of(json), keys);

        byte[] one = remote.seal("a", PLAIN);
        byte[] other = remote.seal("a", PLAIN);

        assertThat(keys.dataKeys).hasSize(2).doesNotHaveDuplicates();
        assertThat(one).startsWith(Sealer.header("remote-7"));
        assertThat(remote.open("a", one)).isEqualTo(PLAIN);
        assertThat(remote.open("a", other)).isEqualTo(PLAIN);
    }

    @Test
    @Rules("K6")
    void isUnavailableWhileKeysThatAreElsewhereDoNotAnswerAndTheCacheDoesNotNeedThem() {
        RecordingKeys keys = new RecordingKeys();
        Sealer remote = new Sealer(KeyRing.of(json), keys);
        byte[] sealed = remote.seal("a", PLAIN);
        keys.silent = true;

        assertThatThrownBy(() -> remote.open("a", sealed)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> remote.seal("a", PLAIN)).isInstanceOf(Refusal.class);
        assertThat(remote.open("a", remote.sealBriefly("a", PLAIN))).isEqualTo(PLAIN);
    }

    /** A key service that keeps what it is given, and gives numbers for it. */
    private static final class RecordingKeys implements KeyEncryption {

        final List<String> dataKeys = new ArrayList<>();
        boolean silent;

        @Override
        public String current() {
            return "remote-7";
        }

        @Override
        public byte[] wrap(String keyId, String place, byte[] dataKey) {
            answer();
            dataKeys.add(HexFormat.of().formatHex(dataKey));
            return (place + "#" + (dataKeys.size() - 1)).getBytes(UTF_8);
        }

        @Override
        public byte[] unwrap(String keyId, String place, byte[] wrapped) {
            answer();
            String[] parts = new String(wrapped, UTF_8).split("#", 2);
            assertThat(keyId).isEqualTo("remote-7");
            assertThat(parts[0]).isEqualTo(place);
            return HexFormat.of().parseHex(dataKeys.get(Integer.parseInt(parts[1])));
        }

        private void answer() {
            if (silent) {
                throw new Failure.Unavailable("keys", Duration.ofSeconds(1), "no answer").refusal();
            }
        }
    }

    @Test
    @Rules("K6")
    void refusesAValueThatWasCut() {
        for (byte[] sealed : List.of(sealer.seal("a", PLAIN), sealer.sealBriefly("a", PLAIN))) {
            for (int length = 0; length < sealed.length; length++) {
                byte[] cut = Arrays.copyOf(sealed, length);
                assertThatThrownBy(() -> sealer.open("a", cut)).isInstanceOf(SealBroken.class);
            }
            assertThatThrownBy(() -> sealer.open("a", Arrays.copyOf(sealed, sealed.length + 1)))
                    .isInstanceOf(SealBroken.class);
        }
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
                .hasMessage("sealed with a key that the key ring does not hold: k2");
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
