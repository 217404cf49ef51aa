package dev.xaabroker.keys;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.EllipticCurves;
import org.jspecify.annotations.Nullable;

/** The only JWS algorithms the house knows, each with the one kind of key it may be used with (RULES C2). */
final class Algorithms {

    static final String RS256 = AlgorithmIdentifiers.RSA_USING_SHA256;
    static final String PS256 = AlgorithmIdentifiers.RSA_PSS_USING_SHA256;
    static final String ES256 = AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
    static final String EDDSA = AlgorithmIdentifiers.EDDSA;

    static final List<String> ALL = List.of(RS256, PS256, ES256, EDDSA);

    /** RFC 7518 s3.3: a key of 2048 bits or larger must be used. */
    static final int RSA_BITS = 2048;

    private static final int P256_BITS = 256;

    private Algorithms() {}

    /** Whether {@code key} is of the kind, curve and strength that {@code algorithm} asks for. */
    static boolean fits(String algorithm, Key key) {
        return switch (key) {
            case RSAKey rsa ->
                (algorithm.equals(RS256) || algorithm.equals(PS256))
                        && rsa.getModulus().bitLength() >= RSA_BITS;
            case ECKey ec -> algorithm.equals(ES256) && isP256(ec);
            case EdECKey ed ->
                algorithm.equals(EDDSA) && ed.getParams().getName().equals("Ed25519");
            default -> false;
        };
    }

    /** What {@code key} signs with unless its owner chose otherwise; null when the house cannot use it. */
    static @Nullable String forKey(Key key) {
        return ALL.stream()
                .filter(algorithm -> fits(algorithm, key))
                .findFirst()
                .orElse(null);
    }

    private static boolean isP256(ECKey key) {
        return key.getParams().getOrder().bitLength() == P256_BITS
                && key.getParams().getCurve().equals(EllipticCurves.P256.getCurve());
    }
}
