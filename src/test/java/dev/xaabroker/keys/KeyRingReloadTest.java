package dev.xaabroker.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key file that changes while the broker runs. */
class KeyRingReloadTest {

    private static final byte[] PLAIN = "canary".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private final Records records = new Records();
    private Path path;
    private KeyRingFile file;
    private KeyRing ring;
    private Sealer sealer;

    @BeforeEach
    void start() throws IOException {
        path = Files.writeString(folder.resolve("keys.json"), KeyRing.generate());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        file = new KeyRingFile(path);
        ring = new KeyRing(new Config(path));
        sealer = new Sealer(ring);
    }

    private void lookTwice() {
        ring.look(records);
        ring.look(records);
    }

    @Test
    @Rules("K6")
    void aRotationNeedsNoRestart() {
        byte[] old = sealer.seal("a", PLAIN);

        file.add(Optional.empty());
        ring.look(records);
        assertThat(ring.keyIds()).containsExactlyInAnyOrder("k1", "k2");
        assertThat(ring.current()).isEqualTo("k1");

        file.makeCurrent("k2");
        ring.look(records);
        byte[] fresh = sealer.seal("a", PLAIN);
        assertThat(fresh).startsWith(Sealer.header("k2"));
        assertThat(records.announced).containsExactly("k2");
        assertThat(sealer.open("a", old)).isEqualTo(PLAIN);

        file.remove("k1");
        ring.look(records);
        assertThat(ring.keyIds()).containsExactly("k2");
        assertThat(sealer.open("a", fresh)).isEqualTo(PLAIN);
        assertThatThrownBy(() -> sealer.open("a", old)).isInstanceOf(SealBroken.class);
        assertThat(ring.problem()).isEmpty();
    }

    @Test
    @Rules("K6")
    void meetsAKeyThatItDoesNotKnowAndReadsTheFileAtOnce() {
        KeyRing ahead = new KeyRing(new Config(path));
        file.add(Optional.empty());
        file.makeCurrent("k2");
        ahead.look(records);
        byte[] theirs = new Sealer(ahead).seal("a", PLAIN);

        assertThat(sealer.open("a", theirs)).isEqualTo(PLAIN);
        assertThat(ring.current()).as("the watch decides on that").isEqualTo("k1");
        ring.look(records);
        assertThat(ring.current()).isEqualTo("k2");
    }

    @Test
    @Rules("K6")
    void keepsAKeyThatRecordsNeed() {
        byte[] old = sealer.seal("a", PLAIN);
        file.add(Optional.empty());
        file.makeCurrent("k2");
        ring.look(records);
        records.used.add("k1");

        file.remove("k1");
        lookTwice();

        assertThat(sealer.open("a", old)).isEqualTo(PLAIN);
        assertThat(ring.problem().orElseThrow()).contains("k1").contains("xaa vault status");

        records.used.clear();
        ring.look(records);
        assertThat(ring.keyIds()).containsExactly("k2");
        assertThat(ring.problem()).isEmpty();
    }

    @Test
    void keepsTheCurrentKeyThoughNoRecordNeedsIt() throws IOException {
        file.add(Optional.empty());
        file.makeCurrent("k2");
        file.remove("k1");

        lookTwice();

        assertThat(ring.current()).isEqualTo("k1");
        assertThat(ring.problem().orElseThrow()).contains("put it back");
    }

    @Test
    @Rules("K6")
    void changesNothingWhileTheDatabaseDoesNotAnswer() {
        file.add(Optional.empty());
        file.makeCurrent("k2");
        records.down = true;

        lookTwice();
        assertThat(ring.current()).isEqualTo("k1");
        assertThat(ring.problem()).isPresent();

        records.down = false;
        ring.look(records);
        assertThat(ring.current()).isEqualTo("k2");
        assertThat(ring.problem()).isEmpty();
    }

    @Test
    @Rules({"K5", "K6"})
    void aBrokenEditKeepsTheRingInForceAndIsToldAfterTwoLooks() throws IOException {
        String good = Files.readString(path);
        Map<String, Object> json = Minted.json(good);
        Map<String, Object> other = Minted.json(KeyRing.generate());
        String hash = (String) json.get("hash");
        byte[] sealed = sealer.seal("a", PLAIN);
        List<String> edits = new ArrayList<>(List.of(
                "",
                good.substring(0, good.length() / 2),
                good.replace("\"current\":\"k1\"", "\"current\":\"k9\""),
                JsonUtil.toJson(Minted.with(json, "hash", other.get("hash"))),
                JsonUtil.toJson(Minted.with(json, "keys", other.get("keys"))),
                JsonUtil.toJson(Minted.with(json, "ledger", other.get("ledger")))));
        for (String edit : edits) {
            Files.writeString(path, edit);
            ring.look(records);
            assertThat(ring.problem()).as("half-written, perhaps").isEmpty();
            ring.look(records);
            assertThat(ring.problem().orElseThrow()).doesNotContain(hash);
            assertThat(sealer.open("a", sealed)).isEqualTo(PLAIN);
            assertThat(ring.current()).isEqualTo("k1");

            Files.writeString(path, good);
            ring.look(records);
            assertThat(ring.problem()).isEmpty();
        }
        Files.delete(path);
        lookTwice();
        assertThat(ring.problem().orElseThrow()).contains("cannot be read");
        assertThat(sealer.open("a", sealed)).isEqualTo(PLAIN);
    }

    @Test
    @Rules("K6")
    void takesNothingFromAFileThatIsOpenToOthers() throws IOException {
        file.add(Optional.empty());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));

        lookTwice();

        assertThat(ring.keyIds()).containsExactly("k1");
        assertThat(ring.problem().orElseThrow()).contains("chmod 600");
    }

    @Test
    @Rules("K6")
    void learnsNoKeyFromAFileThatIsNotItsOwn() throws IOException {
        Sealer sealed = new Sealer(KeyRing.of(two(KeyRing.generate())));
        Files.writeString(path, two(KeyRing.generate()));

        assertThatThrownBy(() -> sealer.open("a", sealed.seal("a", PLAIN))).isInstanceOf(SealBroken.class);
        assertThat(ring.keyIds()).containsExactly("k1");
    }

    private static String two(String json) {
        Object key = ((Map<?, ?>) Minted.json(json).get("keys")).get("k1");
        return JsonUtil.toJson(Minted.with(Minted.json(json), "keys", Map.of("k1", key, "k2", key), "current", "k2"));
    }

    private record Config(Path path) implements KeysConfig {

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public Optional<String> json() {
            return Optional.empty();
        }

        @Override
        public Path embeddedFile() {
            return path;
        }

        @Override
        public Duration watch() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration clockSkew() {
            return Minted.SKEW;
        }
    }

    /** A database, as far as the ring sees it. */
    private static final class Records implements SealedRecords {

        final List<String> announced = new ArrayList<>();
        final Set<String> used = new HashSet<>();
        boolean down;

        @Override
        public void announce(String keyId) {
            answer();
            announced.add(keyId);
        }

        @Override
        public boolean release(String keyId) {
            answer();
            return !used.contains(keyId);
        }

        private void answer() {
            if (down) {
                throw new Failure.Unavailable("store", Duration.ofSeconds(1), "down").refusal();
            }
        }
    }
}
