package dev.xaabroker.session;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What SQL keeps of a proof.
 *
 * @param at in microseconds, rounded down, as the databases keep it: a proof never looks younger than it is
 */
record Proven(
        Identity identity,
        @Nullable Secret rotated,
        @Nullable Secret idToken,
        @Nullable Secret accessToken,
        Instant at) {

    static Proven of(Proof proof) {
        return new Proven(
                proof.identity(),
                proof.rotatedRefreshToken(),
                proof.idToken(),
                proof.accessToken(),
                proof.at().truncatedTo(ChronoUnit.MICROS));
    }
}
