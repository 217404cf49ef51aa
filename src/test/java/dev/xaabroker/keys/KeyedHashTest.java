package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyedHashTest {

    private final String json = KeyRing.generate();
    private final KeyedHash hash = new KeyedHash(KeyRing.of(json));

    @Test
    void isTheSameForTheSameKeyRing() {
        assertThat(new KeyedHash(KeyRing.of(json)).of("cache", "a", "b"))
                .isEqualTo(hash.of("cache", "a", "b"))
                .matches("[A-Za-z0-9_-]{43}");
        assertThat(new KeyedHash(KeyRing.of(KeyRing.generate())).of("cache", "a", "b"))
                .isNotEqualTo(hash.of("cache", "a", "b"));
    }

    @Test
    @Rules("F1")
    void differentPartsNeverMeet() {
        Random random = new Random(11);
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String[] parts = new String[random.nextInt(4)];
            Arrays.setAll(parts, part -> shortText(random));
            String purpose = shortText(random);
            List<String> input = new ArrayList<>(List.of(parts));
            input.addFirst(purpose);
            List<String> other = seen.put(hash.of(purpose, parts), input);
            assertThat(other == null ? input : other).isEqualTo(input);
        }
        assertThat(hash.of("p", "\uD800")).isNotEqualTo(hash.of("p", "\uD801")).isNotEqualTo(hash.of("p", "?"));
    }

    @Test
    @Rules("K7")
    void aUserHasAnotherPseudonymInEachTenant() {
        assertThat(hash.user("acme", "https://idp", "alice")).isEqualTo(hash.user("acme", "https://idp", "alice"));
        assertThat(hash.user("acme", "https://idp", "alice"))
                .isNotEqualTo(hash.user("umbrella", "https://idp", "alice"))
                .isNotEqualTo(hash.user("acme", "https://other", "alice"))
                .isNotEqualTo(hash.user("acme", "https://idp", "bob"));
        assertThat(hash.user("acme", "https://idp", "alice").pseudonym()).doesNotContain("alice");
    }

    @Test
    void aUserAndALoginSessionOfTheSameNameDiffer() {
        assertThat(hash.idpSession("acme", "https://idp", "x"))
                .isNotEqualTo(hash.user("acme", "https://idp", "x").pseudonym())
                .isNotEqualTo(hash.idpSession("umbrella", "https://idp", "x"));
    }

    @Test
    void aFingerprintIsSha256InHex() {
        assertThat(Fingerprint.sha256("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /** Few letters and a nul, so that pieces often run together the same way. */
    private static String shortText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            text.append("ab\0".charAt(random.nextInt(3)));
        }
        return text.toString();
    }
}
