package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

    @TempDir
    private Path folder;

    @Test
    void theFirstStartMakesAFileForItsOwnerOnly() throws IOException {
        Path file = folder.resolve("deep/.xaa-broker/keys.json");
        KeyRing first = new KeyRing(embedded(file));
        assertThat(first.justCreated()).isTrue();
        assertThat(first.path()).contains(file);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(file.getParent())).isEqualTo("rwx------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }

        KeyRing second = new KeyRing(embedded(file));
        assertThat(second.justCreated()).isFalse();
        assertThat(second.checkValue()).isEqualTo(first.checkValue());
    }

    @Test
    void manyFirstStartsAtOnceAgreeOnOneFile() {
        Path file = folder.resolve("race/keys.json");
        Set<String> values = ConcurrentHashMap.newKeySet();
        long made = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> new KeyRing(embedded(file)))
                .peek(ring -> values.add(ring.checkValue()))
                .filter(KeyRing::justCreated)
                .count();
        assertThat(values).hasSize(1);
        assertThat(made).isEqualTo(1);
    }

    @ParameterizedTest
    @Rules("K6")
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-rw----", "rw-----w-"})
    void refusesAFileThatIsOpenToOthers(String mode) throws IOException {
        Path file = written(KeyRing.generate(), mode);
        assertThatThrownBy(() -> new KeyRing(configured(file)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chmod 600 " + file);
        assertThatThrownBy(() -> new KeyRing(embedded(file))).hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void readsAFileThatItsGroupMayReadAsKubernetesMountsIt() throws IOException {
        assertThat(new KeyRing(configured(written(KeyRing.generate(), "r--r-----"))).checkValue())
                .isNotEmpty();
    }

    @Test
    void neverCreatesAConfiguredFile() {
        Path file = folder.resolve("absent.json");
        assertThatThrownBy(() -> new KeyRing(configured(file)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).doesNotExist();
    }

    @Test
    void takesItsJsonFromTheConfigurationAndWritesNoFile() {
        String json = KeyRing.generate();
        Path unused = folder.resolve("keys.json");
        KeyRing ring = new KeyRing(new Config(Optional.empty(), Optional.of(json), unused));
        assertThat(ring.checkValue()).isEqualTo(KeyRing.of(json).checkValue());
        assertThat(ring.path()).isEmpty();
        assertThat(ring.justCreated()).isFalse();
        assertThat(unused).doesNotExist();
    }

    @Test
    void refusesTwoSources() throws IOException {
        Path file = written(KeyRing.generate(), "rw-------");
        assertThatThrownBy(() -> new KeyRing(new Config(Optional.of(file), Optional.of(KeyRing.generate()), file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("xaa.keys.json");
    }

    @Test
    void theCheckValueTellsKeyRingsApart() {
        assertThat(KeyRing.of(KeyRing.generate()).checkValue())
                .isNotEqualTo(KeyRing.of(KeyRing.generate()).checkValue());
    }

    @Test
    @Rules("K5")
    void refusesBrokenContentWithoutRepeatingIt() {
        String json = KeyRing.generate();
        Map<String, Object> ring = Minted.json(json);
        String hash = (String) ring.get("hash");
        List<String> broken = List.of(
                "",
                json.substring(0, json.length() - 1),
                json.replace("\"hash\"", "\"hush\""),
                json.replace(hash, "AAAA"),
                json.replace(hash, hash.substring(1) + "!"),
                json.replace("\"current\":\"k1\"", "\"current\":\"k2\""),
                json.replace("\"current\":\"k1\"", "\"current\":\"k1\",\"current\":\"k1\""),
                json.replace("\"k1\"", "\"k 1\""),
                JsonUtil.toJson(Minted.with(ring, "ledger", null)),
                JsonUtil.toJson(Minted.with(ring, "keys", Map.of())),
                JsonUtil.toJson(Minted.with(ring, "ledger", crossed(ring))));
        for (String content : broken) {
            assertThatThrownBy(() -> KeyRing.of(content))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the key ring cannot be used: ")
                    .hasMessageNotContaining(hash)
                    .hasNoCause();
        }
        assertThat(KeyRing.of(json)).hasToString("KeyRing[k1]");
    }

    @Test
    void theLedgerSignatureVerifiesWithThePublishedKey() throws Exception {
        LedgerSigner signer = new LedgerSigner(KeyRing.of(KeyRing.generate()));
        byte[] content = "checkpoint".getBytes(StandardCharsets.UTF_8);
        String body = signer.publicKeyPem().replaceAll("-----[A-Z ]+-----|\\s", "");
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body))));
        verifier.update(content);
        assertThat(verifier.verify(signer.sign(content))).isTrue();
        assertThat(signer.keyId()).startsWith("l1-");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> crossed(Map<String, Object> ring) {
        Map<String, Object> other =
                (Map<String, Object>) Minted.json(KeyRing.generate()).get("ledger");
        return Minted.with((Map<String, Object>) ring.get("ledger"), "public", other.get("public"));
    }

    private Path written(String json, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("given.json"), json);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static KeysConfig embedded(Path file) {
        return new Config(Optional.empty(), Optional.empty(), file);
    }

    private static KeysConfig configured(Path file) {
        return new Config(Optional.of(file), Optional.empty(), Path.of("unused"));
    }

    private record Config(Optional<Path> file, Optional<String> json, Path embeddedFile) implements KeysConfig {
        @Override
        public Duration watch() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration clockSkew() {
            return Minted.SKEW;
        }
    }
}
