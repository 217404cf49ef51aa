package dev.xaabroker.grant;

import java.security.PrivateKey;
import java.security.PublicKey;

/**
 * A private key that signs the broker's client assertions at one peer, with its public half for the JWKS.
 *
 * @param id the {@code kid}: the RFC 7638 thumbprint of the public key
 * @param algorithm the JWS {@code alg} it signs with: RS256, PS256, ES256 or EdDSA
 */
public record SigningKey(String id, String algorithm, PrivateKey privateKey, PublicKey publicKey) {

    @Override
    public String toString() {
        return "SigningKey[" + id + ", " + algorithm + "]";
    }
}
