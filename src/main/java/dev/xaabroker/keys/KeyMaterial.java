package dev.xaabroker.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * What a key file says.
 *
 * <pre>{"current": "k1", "keys": {"k1": 32 bytes}, "hash": 32 bytes,
 *  "ledger": {"id": "l1", "private": PKCS#8, "public": X.509 SubjectPublicKeyInfo}}</pre>
 *
 * All bytes in base64. To rotate, add a key and make it current; the old one stays until nothing is sealed with it.
 */
final class KeyMaterial {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final int KEY_BYTES = 32;

    final String current;
    final Map<String, byte[]> keys;
    final byte[] hash;
    final String ledgerId;
    final KeyPair ledger;

    private KeyMaterial(String current, Map<String, byte[]> keys, byte[] hash, String ledgerId, KeyPair ledger) {
        this.current = current;
        this.keys = keys;
        this.hash = hash;
        this.ledgerId = ledgerId;
        this.ledger = ledger;
    }

    /**
     * Reads the content of a key file.
     *
     * @throws IllegalArgumentException with a text that names the member and never its value
     */
    static KeyMaterial parse(String json) {
        Map<String, Object> root = object(json);
        only(root, "", Set.of("current", "keys", "hash", "ledger"));
        Map<String, byte[]> keys = new LinkedHashMap<>();
        Map<?, ?> sealing = member(root, "keys", Map.class);
        for (Map.Entry<?, ?> key : sealing.entrySet()) {
            keys.put(id(key.getKey()), bytes(key.getValue(), "keys." + key.getKey()));
        }
        String current = id(member(root, "current", String.class));
        if (!keys.containsKey(current)) {
            throw broken("\"current\" names a key that \"keys\" does not hold");
        }
        Map<?, ?> ledger = member(root, "ledger", Map.class);
        only(ledger, "ledger.", Set.of("id", "private", "public"));
        return new KeyMaterial(
                current, keys, bytes(root.get("hash"), "hash"), id(ledger.get("id")), ledgerKeys(ledger));
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** This, with one more key to open with. */
    KeyMaterial with(String keyId, byte[] key) {
        Map<String, byte[]> more = new LinkedHashMap<>(keys);
        more.put(keyId, key);
        return new KeyMaterial(current, more, hash, ledgerId, ledger);
    }

    /** Why {@code next} cannot take this one's place in a running broker, whatever is stored. */
    Optional<String> objection(KeyMaterial next) {
        if (!MessageDigest.isEqual(hash, next.hash)) {
            return Optional.of("its \"hash\" is another one, and nothing stored would be found again: put it back");
        }
        if (!ledgerId.equals(next.ledgerId) || !ledger.getPublic().equals(next.ledger.getPublic())) {
            return Optional.of("its \"ledger\" key is another one: that is taken at a restart only");
        }
        return keys.keySet().stream()
                .filter(id -> next.keys.containsKey(id) && !MessageDigest.isEqual(keys.get(id), next.keys.get(id)))
                .findFirst()
                .map(id -> "key " + id + " has other bytes: put them back, and give a new key an id of its own");
    }

    static String generate() {
        SecureRandom random = new SecureRandom();
        KeyPair ledger = newLedgerKeys();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("current", "k1");
        root.put("keys", Map.of("k1", base64(randomBytes(random))));
        root.put("hash", base64(randomBytes(random)));
        Map<String, Object> signer = new LinkedHashMap<>();
        signer.put(
                "id",
                "l1-"
                        + Fingerprint.sha256(base64(ledger.getPublic().getEncoded()))
                                .substring(0, 12));
        signer.put("private", base64(ledger.getPrivate().getEncoded()));
        signer.put("public", base64(ledger.getPublic().getEncoded()));
        root.put("ledger", signer);
        return JsonUtil.toJson(root);
    }

    static Map<String, Object> object(String json) {
        try {
            return JsonUtil.parseJson(json);
        } catch (JoseException | RuntimeException e) {
            // The parser's message quotes what it read, which is key material: it must not become a cause.
            throw broken("it is not a JSON object with unique members");
        }
    }

    private static void only(Map<?, ?> object, String prefix, Set<String> names) {
        for (Object name : object.keySet()) {
            if (!(name instanceof String text) || !names.contains(text)) {
                throw broken("a member below \"" + prefix + "\" is unknown; known are "
                        + names.stream().sorted().toList());
            }
        }
    }

    private static <T> T member(Map<?, ?> object, String name, Class<T> type) {
        Object value = object.get(name);
        if (!type.isInstance(value)) {
            throw broken("\"" + name + "\" is missing or of the wrong type");
        }
        return type.cast(value);
    }

    private static String id(@Nullable Object value) {
        if (value instanceof String text && ID.matcher(text).matches()) {
            return text;
        }
        throw broken("a key id must have 1 to 32 letters, digits, \"-\" or \"_\"");
    }

    private static byte[] bytes(@Nullable Object value, String name) {
        byte[] bytes = value instanceof String text ? unbase64(text, name) : new byte[0];
        if (bytes.length != KEY_BYTES) {
            throw broken("\"" + name + "\" must be " + KEY_BYTES + " bytes in base64");
        }
        return bytes;
    }

    private static KeyPair ledgerKeys(Map<?, ?> ledger) {
        byte[] secret = unbase64(member(ledger, "private", String.class), "ledger.private");
        byte[] open = unbase64(member(ledger, "public", String.class), "ledger.public");
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            KeyPair pair = new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(open)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
            if (!KeyPairs.match(pair, "Ed25519")) {
                throw broken("\"ledger.public\" is not the public half of \"ledger.private\"");
            }
            return pair;
        } catch (GeneralSecurityException e) {
            throw broken("\"ledger\" does not hold an Ed25519 key pair");
        }
    }

    private static KeyPair newLedgerKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    static byte[] randomBytes(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] unbase64(String text, String name) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw broken("\"" + name + "\" is not base64");
        }
    }

    private static IllegalArgumentException broken(String why) {
        return new IllegalArgumentException("the key ring cannot be used: " + why);
    }
}
