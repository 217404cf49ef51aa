package dev.xaabroker.exchange;

import dev.xaabroker.grant.SigningKey;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An ES256 key that really signs. */
final class Signer {

    private final EllipticCurveJsonWebKey key;

    Signer(String kid) {
        try {
            key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
        key.setKeyId(kid);
        key.setAlgorithm("ES256");
        key.setUse("sig");
    }

    String sign(Map<String, String> headers, JwtClaims claims) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setKey(key.getPrivateKey());
            jws.setKeyIdHeaderValue(key.getKeyId());
            jws.setAlgorithmHeaderValue("ES256");
            headers.forEach(jws::setHeader);
            jws.setPayload(claims.toJson());
            return jws.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    SigningKey asSigningKey() {
        return new SigningKey(key.getKeyId(), "ES256", key.getPrivateKey(), key.getPublicKey());
    }

    static String jwks(Signer... signers) {
        return Arrays.stream(signers)
                .map(signer -> signer.key.toJson(OutputControlLevel.PUBLIC_ONLY))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }
}
