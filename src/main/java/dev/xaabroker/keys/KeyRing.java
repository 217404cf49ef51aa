package dev.xaabroker.keys;

import dev.xaabroker.grant.Refusal;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * The broker's own secrets: sealing keys, the key of keyed hashes, the ledger's signing key. Loaded at start, so that a
 * missing or open key file stops the start and not the first request. The sealing keys of a file may change while the
 * broker runs (ADR 13).
 */
@Startup
@ApplicationScoped
public class KeyRing {

    private static final Logger LOG = Logger.getLogger(KeyRing.class);
    private static final Duration COUNT_AGAIN = Duration.ofSeconds(10);

    private final Optional<Path> path;
    private final boolean created;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile KeyMaterial material;
    private volatile Optional<String> problem = Optional.empty();

    /** Guarded by {@link #changing}: the file that is in force, and what was wrong with it at the last look. */
    private String inForce = "";

    private String suspicion = "";

    /** The key that records needed at the last count, and when that was. */
    private volatile String needed = "";

    private long neededAt;

    /**
     * Takes the keys from the one place that is configured, or from the embedded file, made at the first start.
     *
     * @throws IllegalArgumentException when both places are configured, or the content is not a key ring
     * @throws IllegalStateException when the file is missing or open to others
     */
    @Inject
    public KeyRing(KeysConfig config) {
        if (config.file().isPresent() && config.json().isPresent()) {
            throw new IllegalArgumentException("xaa.keys.file and xaa.keys.json are both set: keep one of them.");
        }
        path = config.json().isPresent()
                ? Optional.empty()
                : Optional.of(config.file().orElseGet(config::embeddedFile));
        created = config.file().isEmpty() && path.isPresent() && createIfAbsent(path.get());
        String json =
                path.isPresent() ? KeyFile.read(path.get()) : config.json().orElseThrow();
        material = KeyMaterial.parse(json);
        inForce = Fingerprint.sha256(json);
        LOG.infof(
                "Key ring loaded source=%s current=%s created=%s",
                path.map(Path::toString).orElse("xaa.keys.json"), material.current, created);
    }

    private KeyRing(KeyMaterial material) {
        this.material = material;
        this.path = Optional.empty();
        this.created = false;
    }

    /**
     * A key ring from its JSON.
     *
     * @throws IllegalArgumentException when it is not one; the text holds no key
     */
    public static KeyRing of(String json) {
        return new KeyRing(KeyMaterial.parse(json));
    }

    /**
     * The key ring of a file, for a command.
     *
     * @throws IllegalArgumentException when it is not one; the text holds no key
     * @throws IllegalStateException when the file is missing or open to others
     */
    public static KeyRing read(Path file) {
        return of(KeyFile.read(file));
    }

    /** The JSON of a new key ring with random keys. */
    public static String generate() {
        return KeyMaterial.generate();
    }

    /**
     * A value that only this key ring gives. A database keeps the one it was first opened with, and a start with another
     * is refused: nothing in it could be opened or found.
     */
    public String checkValue() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Hmac.of(material.hash, "xaa", "check", "1"));
    }

    /** The file it came from; absent when it came from {@code xaa.keys.json}. */
    public Optional<Path> path() {
        return path;
    }

    /** Whether the file was made at this start: no database can have been written with these keys before. */
    public boolean justCreated() {
        return created;
    }

    /** The id of the key that is sealed with. */
    public String current() {
        return material.current;
    }

    /** The ids of all keys that open. */
    public Set<String> keyIds() {
        return material.keys.keySet();
    }

    /** Why the key file as it is now is not in force; empty when it is. */
    public Optional<String> problem() {
        return problem;
    }

    /**
     * The AES-256 key for one purpose at one place. A key that the ring lacks may just have come into the file.
     *
     * @throws SealBroken when it has not
     */
    byte[] derived(String purpose, String keyId, String place) {
        byte[] master = material.keys.get(keyId);
        if (master == null) {
            learn(keyId);
            master = material.keys.get(keyId);
        }
        if (master == null) {
            throw new SealBroken("sealed with a key that the key ring does not hold" + named(keyId));
        }
        return Hmac.of(master, "xaa", purpose, "1", keyId, place);
    }

    /** An id comes from a stored value, which may be anything. */
    private static String named(String keyId) {
        return KeyMaterial.isId(keyId) ? ": " + keyId : "";
    }

    /** Adds the key {@code keyId} from the file, if it is there; everything else waits for {@link #look}. */
    private void learn(String keyId) {
        if (path.isEmpty() || !KeyMaterial.isId(keyId)) {
            return;
        }
        changing.lock();
        try {
            KeyMaterial file = KeyMaterial.parse(KeyFile.read(path.get()));
            byte[] key = file.keys.get(keyId);
            if (key != null && material.objection(file).isEmpty()) {
                material = material.with(keyId, key);
                LOG.infof("Key ring: a new key was met and read from the key file id=%s", keyId);
            }
        } catch (IllegalArgumentException | IllegalStateException unusable) {
            LOG.debugf("the key file cannot be used now: %s", unusable.getMessage());
        } finally {
            changing.unlock();
        }
    }

    /**
     * Takes in what changed in the file. Whatever is wrong with it keeps the ring in force, and is an ERROR in the log once
     * two looks in a row found the same: a file that is being written is not wrong.
     */
    void look(SealedRecords records) {
        needed = "";
        lookAgain(records);
    }

    /** As {@link #look}, again and again: what needs counting is not counted each time. */
    void lookAgain(SealedRecords records) {
        if (path.isEmpty()) {
            return;
        }
        changing.lock();
        try {
            settle(path.get(), why(path.get(), records));
        } finally {
            changing.unlock();
        }
    }

    /** Why the file is not in force; empty when it is. */
    private String why(Path file, SealedRecords records) {
        try {
            String json = KeyFile.read(file);
            String seen = Fingerprint.sha256(json);
            if (!seen.equals(inForce)) {
                KeyMaterial next = KeyMaterial.parse(json);
                Optional<String> objection = material.objection(next).or(() -> leaving(next, records));
                if (objection.isPresent()) {
                    return objection.get();
                }
                if (!next.current.equals(material.current)) {
                    records.announce(next.current);
                }
                material = next;
                inForce = seen;
                LOG.infof("Key ring reloaded source=%s current=%s keys=%s", file, next.current, next.keys.keySet());
            }
            return "";
        } catch (IllegalArgumentException | IllegalStateException unusable) {
            return String.valueOf(unusable.getMessage());
        } catch (Refusal refusal) {
            return "it cannot be compared with what is stored: "
                    + refusal.failure().detail();
        }
    }

    private Optional<String> leaving(KeyMaterial next, SealedRecords records) {
        for (String id : material.keys.keySet()) {
            if (next.keys.containsKey(id)) {
                continue;
            }
            if (id.equals(material.current)) {
                return Optional.of("key " + id + " is missing and was the current one until now: put it back, make"
                        + " another one current first, and take it out later");
            }
            if (isNeeded(id, records)) {
                return Optional.of("key " + id + " is missing and records in the database are sealed under it: put it"
                        + " back, and take it out when \"xaa vault status\" says that it may go");
            }
        }
        return Optional.empty();
    }

    /** Counting reads what every record begins with: not at each look, while the file stays as it is. */
    private boolean isNeeded(String id, SealedRecords records) {
        long now = System.nanoTime();
        if (id.equals(needed) && now - neededAt < COUNT_AGAIN.toNanos()) {
            return true;
        }
        boolean released = records.release(id);
        needed = released ? "" : id;
        neededAt = now;
        return !released;
    }

    private void settle(Path file, String why) {
        if (why.isEmpty()) {
            problem = Optional.empty();
        } else if (why.equals(suspicion) && !problem.equals(Optional.of(why))) {
            problem = Optional.of(why);
            LOG.errorf("The key file is not taken, the key ring in force stays file=%s: %s", file, why);
        }
        suspicion = why;
    }

    byte[] hashKey() {
        return Hmac.of(material.hash, "xaa", "hash", "1");
    }

    String ledgerKeyId() {
        return material.ledgerId;
    }

    KeyPair ledgerKeys() {
        return material.ledger;
    }

    @Override
    public String toString() {
        return "KeyRing[" + material.current + "]";
    }

    private static boolean createIfAbsent(Path file) {
        return Files.notExists(file) && KeyFile.create(file, generate());
    }
}
