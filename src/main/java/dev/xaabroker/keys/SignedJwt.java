package dev.xaabroker.keys;

import dev.xaabroker.keys.JwtRejected.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * What all kinds of JWT have in common: form, header, key, signature (RFC 7515, RFC 8725; RULES C2). What makes a kind is
 * left to its own verifier (RULES K3).
 *
 * <p>On jose4j directly, which SmallRye JWT stands on too: SmallRye's parser reads one issuer and key from the
 * application's configuration, and the broker has many peers, each with its own.
 */
final class SignedJwt {

    /** Stands for an absent {@code typ}. */
    static final String NO_TYPE = "";

    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final int MAX_LENGTH = 65_536;
    private static final String APPLICATION = "application/";

    /** Header members that bring a key along or change what is signed: none is ever followed. */
    private static final Set<String> UNWANTED = Set.of("crit", "b64", "jwk", "jku", "x5u", "x5c");

    private SignedJwt() {}

    /**
     * Checks the signature of {@code jwt} with the keys of {@code jwks} and returns its claims.
     *
     * @param types the {@code typ} values that this kind has, in lower case; {@link #NO_TYPE} when it may be absent
     */
    static Claims read(String jwt, String jwks, Set<String> types) {
        return read(jwt, jwks, types, Algorithms.ALL);
    }

    /**
     * The same, for a kind that not all algorithms of the house may sign.
     *
     * @param algorithms some of {@link Algorithms#ALL}
     */
    static Claims read(String jwt, String jwks, Set<String> types, List<String> algorithms) {
        if (jwt.length() > MAX_LENGTH || !COMPACT.matcher(jwt).matches()) {
            throw new JwtRejected("not a signed JWT in compact form");
        }
        Map<String, Object> header = object(decode(jwt.substring(0, jwt.indexOf('.'))), "header");
        String algorithm = checkHeader(header, types, algorithms);
        String keyId = string(header, "kid");
        String payload = verify(jwt, algorithm, candidates(jwks, keyId, algorithm), keyId);
        return new Claims(object(payload, "payload"));
    }

    /** The claims as they stand, proven by nothing: good for finding whose keys to try, and for nothing else. */
    static Claims readUnverified(String jwt) {
        if (jwt.length() > MAX_LENGTH || !COMPACT.matcher(jwt).matches()) {
            throw new JwtRejected("not a signed JWT in compact form");
        }
        return new Claims(object(decode(jwt.substring(jwt.indexOf('.') + 1, jwt.lastIndexOf('.'))), "payload"));
    }

    private static String checkHeader(Map<String, Object> header, Set<String> types, List<String> algorithms) {
        for (String name : UNWANTED) {
            if (header.containsKey(name)) {
                throw new JwtRejected("header member " + name + " is not accepted");
            }
        }
        String algorithm = string(header, "alg");
        if (algorithm == null || !algorithms.contains(algorithm)) {
            throw JwtRejected.of(Part.KEY, "alg is not one of " + algorithms);
        }
        String type = string(header, "typ");
        if (!types.contains(type == null ? NO_TYPE : bare(type))) {
            throw new JwtRejected("typ is not that of this kind of JWT");
        }
        return algorithm;
    }

    /** RFC 7515 s4.1.9: media types are case-insensitive, and {@code application/} may be left out. */
    private static String bare(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        String name = lower.startsWith(APPLICATION) ? lower.substring(APPLICATION.length()) : lower;
        if (name.isEmpty()) {
            throw new JwtRejected("typ is empty");
        }
        return name;
    }

    private static List<PublicJsonWebKey> candidates(String jwks, @Nullable String keyId, String algorithm) {
        List<PublicJsonWebKey> keys;
        try {
            keys = JwkSets.verificationKeys(jwks);
        } catch (IllegalArgumentException e) {
            throw JwtRejected.ofUnknownKey("the JWK Set cannot be read");
        }
        if (keyId != null) {
            keys = keys.stream().filter(key -> keyId.equals(key.getKeyId())).toList();
        }
        if (keys.isEmpty()) {
            throw JwtRejected.ofUnknownKey("the JWK Set holds no key of this kid");
        }
        List<PublicJsonWebKey> fitting = keys.stream()
                .filter(key -> key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm))
                .filter(key -> Algorithms.fits(algorithm, key.getPublicKey()))
                .toList();
        if (fitting.isEmpty()) {
            throw JwtRejected.of(Part.KEY, "alg does not fit the key");
        }
        return fitting;
    }

    private static String verify(String jwt, String algorithm, List<PublicJsonWebKey> keys, @Nullable String keyId) {
        for (PublicJsonWebKey key : keys) {
            try {
                JsonWebSignature jws = new JsonWebSignature();
                jws.setAlgorithmConstraints(
                        new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, algorithm));
                jws.setCompactSerialization(jwt);
                jws.setKey(key.getPublicKey());
                if (jws.verifySignature()) {
                    return jws.getPayload();
                }
            } catch (JoseException | RuntimeException e) {
                // The next key may do. The message is dropped: it quotes the token.
            }
        }
        // Without a kid there is no telling a forgery from a key that was rotated in since the set was fetched.
        throw keyId == null
                ? JwtRejected.ofUnknownKey("no key of the JWK Set verifies the signature")
                : JwtRejected.of(Part.KEY, "the signature is wrong");
    }

    private static String decode(String part) {
        try {
            return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new JwtRejected("not base64url");
        }
    }

    private static Map<String, Object> object(String json, String part) {
        try {
            return JsonUtil.parseJson(json);
        } catch (JoseException | RuntimeException e) {
            throw new JwtRejected("the " + part + " is not a JSON object with unique members");
        }
    }

    private static @Nullable String string(Map<String, Object> header, String name) {
        Object value = header.get(name);
        if (value != null && !(value instanceof String)) {
            throw new JwtRejected("header member " + name + " is not a string");
        }
        return (String) value;
    }
}
