package dev.xaabroker.keys;

import dev.xaabroker.grant.SigningKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** JWK Sets (RFC 7517 s5): the one the broker publishes, and those of its peers and clients. */
public final class JwkSets {

    private static final int MAX_KEYS = 100;

    private JwkSets() {}

    /** The JWK Set that shows the public halves of {@code keys}, each once, ordered by {@code kid} (RULES J5). */
    public static String publish(Collection<SigningKey> keys) {
        Map<String, Map<String, Object>> byId = new TreeMap<>();
        for (SigningKey key : keys) {
            byId.put(key.id(), publicMembers(key));
        }
        return JsonUtil.toJson(Map.of("keys", List.copyOf(byId.values())));
    }

    /**
     * Makes sure that a JWK Set given by an administrator or fetched from a peer is usable: at least one verification key,
     * none of them private or symmetric.
     *
     * @throws IllegalArgumentException that says what is wrong, without quoting the document
     */
    public static void check(String jwks) {
        List<?> members = members(jwks);
        int usable = 0;
        for (int i = 0; i < members.size(); i++) {
            if (!(members.get(i) instanceof Map<?, ?> key)) {
                throw new IllegalArgumentException("key " + i + " of the JWK Set is not a JSON object");
            }
            if (key.containsKey("d") || key.containsKey("k")) {
                throw new IllegalArgumentException("key " + i + " of the JWK Set holds secret members: publish only the"
                        + " public half, and replace this key, which is no longer secret");
            }
            usable += read(key) == null ? 0 : 1;
        }
        if (usable == 0) {
            throw new IllegalArgumentException("the JWK Set holds no key that can verify " + Algorithms.ALL
                    + " (RSA of at least " + Algorithms.RSA_BITS + " bits, EC P-256, Ed25519; use \"sig\")");
        }
    }

    /** The keys of {@code jwks} that verify signatures. Others are skipped, as RFC 7517 s5 asks. */
    static List<PublicJsonWebKey> verificationKeys(String jwks) {
        return members(jwks).stream()
                .map(member -> member instanceof Map<?, ?> key ? read(key) : null)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<?> members(String jwks) {
        try {
            if (JsonUtil.parseJson(jwks).get("keys") instanceof List<?> keys && keys.size() <= MAX_KEYS) {
                return keys;
            }
        } catch (JoseException | RuntimeException e) {
            // Told below: the parser's message quotes the document, which may be a private key put there by mistake.
        }
        throw new IllegalArgumentException("not a JWK Set: a JSON object with an array \"keys\" of at most " + MAX_KEYS
                + " keys, and no member twice");
    }

    private static @Nullable PublicJsonWebKey read(Map<?, ?> members) {
        TreeMap<String, Object> copy = new TreeMap<>();
        members.forEach((name, value) -> copy.put(String.valueOf(name), value));
        try {
            PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(copy);
            boolean verifies = (key.getUse() == null || key.getUse().equals("sig"))
                    && (key.getKeyOps() == null || key.getKeyOps().contains("verify"))
                    && Algorithms.forKey(key.getPublicKey()) != null;
            return verifies ? key : null;
        } catch (JoseException | RuntimeException e) {
            return null;
        }
    }

    private static Map<String, Object> publicMembers(SigningKey key) {
        JsonWebKey jwk = SigningKeys.publicJwk(key.publicKey());
        jwk.setKeyId(key.id());
        jwk.setUse("sig");
        jwk.setAlgorithm(key.algorithm());
        return jwk.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }
}
