package dev.xaabroker.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Judges {@code exp}, {@code nbf} and {@code iat} with some patience for a peer's clock (RULES K4). */
record Timing(Clock clock, Duration skew) {

    static final Duration MAX_SKEW = Duration.ofSeconds(60);

    Timing {
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("xaa.keys.clock-skew must be between 0 and 60 seconds, not " + skew);
        }
    }

    /**
     * Requires an {@code exp} that lies ahead, and neither {@code nbf} nor {@code iat} in the future.
     *
     * @return the expiry as it stands in the token: patience never makes it later
     */
    Instant check(Claims claims) {
        Instant now = clock.instant();
        Instant expires = claims.date("exp");
        if (!now.isBefore(expires.plus(skew))) {
            throw new JwtRejected("expired");
        }
        notAhead(claims, "nbf");
        notAhead(claims, "iat");
        return expires;
    }

    /**
     * Requires an {@code iat} that lies neither in the future nor longer ago than {@code age}, no {@code nbf} in the future,
     * and an {@code exp}, when there is one, that lies ahead.
     *
     * @return {@code iat}
     */
    Instant checkRecent(Claims claims, Duration age) {
        Instant issued = checkBegun(claims);
        if (issued.isBefore(clock.instant().minus(age).minus(skew))) {
            throw new JwtRejected("issued too long ago");
        }
        if (claims.has("exp")) {
            check(claims);
        }
        return issued;
    }

    /**
     * Requires an {@code iat}, and neither it nor {@code nbf} in the future.
     *
     * @return {@code iat}
     */
    Instant checkBegun(Claims claims) {
        notAhead(claims, "nbf");
        notAhead(claims, "iat");
        return claims.date("iat");
    }

    private void notAhead(Claims claims, String name) {
        Instant since = claims.optionalDate(name);
        if (since != null && since.isAfter(clock.instant().plus(skew))) {
            throw new JwtRejected("claim " + name + " lies in the future");
        }
    }

    /** Requires {@code expires} to lie at most {@code ahead} from now. */
    void checkAtMost(Instant expires, Duration ahead) {
        if (expires.isAfter(clock.instant().plus(ahead).plus(skew))) {
            throw new JwtRejected("claim exp lies too far ahead");
        }
    }
}
