package dev.xaabroker.policy;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;

/** Looks only at how references are written: for reviewing a policy where its secrets are not. */
final class UnfollowedReferences implements References {

    private static final Secret SECRET = Secret.of("a secret that was not looked up");
    private static final String JWKS = "{\"keys\":[]}";
    private static final String NO_ALGORITHM = "none";

    private final Findings findings;

    UnfollowedReferences(Findings findings) {
        this.findings = findings;
    }

    static boolean isStandIn(Secret secret) {
        return secret.equals(SECRET);
    }

    static boolean isStandIn(SigningKey key) {
        return key.algorithm().equals(NO_ALGORITHM);
    }

    @Override
    public Optional<Secret> secret(Text reference, String key) {
        return References.isWellFormed(reference, key, findings) ? Optional.of(SECRET) : Optional.empty();
    }

    @Override
    public Optional<SigningKey> signingKey(Text reference) {
        return References.isWellFormed(reference, "key", findings)
                ? Optional.of(new SigningKey(reference.value(), NO_ALGORITHM, new NoKey(), new NoKey()))
                : Optional.empty();
    }

    @Override
    public Optional<String> jwks(Text reference) {
        return References.isWellFormed(reference, "jwks", findings) ? Optional.of(JWKS) : Optional.empty();
    }

    /** Signs and verifies nothing: every algorithm refuses it. */
    private static final class NoKey implements PrivateKey, PublicKey {

        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "none";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }
}
