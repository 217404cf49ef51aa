package dev.xaabroker.keys;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The broker's own secrets: sealing keys, the key of keyed hashes, the ledger's signing key. Loaded at start, so that a
 * missing or open key file stops the start and not the first request.
 */
@Startup
@ApplicationScoped
public class KeyRing {

    private static final Logger LOG = Logger.getLogger(KeyRing.class);

    private final KeyMaterial material;
    private final Optional<Path> path;
    private final boolean created;

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
        material = KeyMaterial.parse(
                path.isPresent() ? KeyFile.read(path.get()) : config.json().orElseThrow());
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

    String currentSealingKey() {
        return material.current;
    }

    /**
     * The AES-256 key for one record, or null when the ring has no key of that id. A key per {@code aad} keeps the limit
     * of 2^32 random nonces per key (NIST SP 800-38D s8.3) out of reach, whatever the number of records.
     */
    byte @Nullable [] sealingKey(String keyId, String aad) {
        byte[] master = material.keys.get(keyId);
        return master == null ? null : Hmac.of(master, "xaa", "seal", "1", keyId, aad);
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
