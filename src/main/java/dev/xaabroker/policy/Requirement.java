package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How strong and how young a login must be (RFC 9470).
 *
 * @param acr the {@code acr} it must have, exactly; null for any
 * @param maxAuthAge how long ago it may have been; null for any time
 */
record Requirement(@Nullable String acr, @Nullable Duration maxAuthAge) {

    static final Requirement NONE = new Requirement(null, null);

    /** A login whose {@code auth_time} is unknown is too old. */
    boolean isMetBy(Identity user, Instant at) {
        boolean strong = acr == null || acr.equals(user.acr());
        boolean young = maxAuthAge == null
                || (user.authTime() != null && !user.authTime().plus(maxAuthAge).isBefore(at));
        return strong && young;
    }
}
