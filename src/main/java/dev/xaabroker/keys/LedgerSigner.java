package dev.xaabroker.keys;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;

/** Signs the ledger's checkpoints (Ed25519), so that its end cannot be cut off unnoticed. */
@ApplicationScoped
public class LedgerSigner {

    private final KeyRing ring;

    public LedgerSigner(KeyRing ring) {
        this.ring = ring;
    }

    /** Names the key in a checkpoint, so that older checkpoints stay verifiable after a rotation. */
    public String keyId() {
        return ring.ledgerKeyId();
    }

    /** The 64-byte Ed25519 signature (RFC 8032) of {@code content}. */
    public byte[] sign(byte[] content) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(ring.ledgerKeys().getPrivate());
            signer.update(content);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot sign with Ed25519", e);
        }
    }

    /** The public key for whoever verifies the ledger without trusting this broker. */
    public String publicKeyPem() {
        byte[] key = ring.ledgerKeys().getPublic().getEncoded();
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
    }
}
