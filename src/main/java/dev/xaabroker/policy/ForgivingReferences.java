package dev.xaabroker.policy;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import java.util.Optional;

/** Follows references, and puts a stand-in where one leads to nothing, so that the rest of the file can be looked at. */
final class ForgivingReferences implements References {

    private final References followed;
    private final References standIns;

    /**
     * @param followed reports what is missing
     * @param standIns reports references that are not written as such
     */
    ForgivingReferences(References followed, References standIns) {
        this.followed = followed;
        this.standIns = standIns;
    }

    @Override
    public Optional<Secret> secret(Text reference, String key) {
        return followed.secret(reference, key).or(() -> standIns.secret(reference, key));
    }

    @Override
    public Optional<SigningKey> signingKey(Text reference) {
        return followed.signingKey(reference).or(() -> standIns.signingKey(reference));
    }

    @Override
    public Optional<String> jwks(Text reference) {
        return followed.jwks(reference).or(() -> standIns.jwks(reference));
    }
}
