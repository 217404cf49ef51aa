package dev.xaabroker.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/** Checks that the two halves of a key pair belong together. */
final class KeyPairs {

    private KeyPairs() {}

    /**
     * Whether what the private half signs is what the public half verifies.
     *
     * @param algorithm a JCA signature algorithm
     */
    static boolean match(KeyPair pair, String algorithm) throws GeneralSecurityException {
        byte[] probe = "xaa-broker key pair probe".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(pair.getPrivate());
        signer.update(probe);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(pair.getPublic());
        verifier.update(probe);
        return verifier.verify(signature);
    }
}
