package dev.xaabroker.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What ends a session although its IdP would go on: it is too old, unused for too long, or one too many. */
@ApplicationScoped
class Limits {

    /** It reached {@code maxSessionAge}. */
    static final String EXPIRED = "expired";

    /** No connect used it for {@code xaa.sessions.idle}. */
    static final String IDLE = "idle";

    /** Its user has too many of this client, and used this one the longest ago. */
    static final String SUPERSEDED = "superseded";

    /** Its client gave it back (RFC 7009). */
    static final String GIVEN_BACK = "revoked by its client";

    /** These ends say nothing against the login behind the session. */
    static final Set<String> BLAMELESS = Set.of(EXPIRED, IDLE, SUPERSEDED, GIVEN_BACK, Doubt.CAUSE);

    /** After these the refresh token is dropped and not revoked at the IdP, where others may live by the same login. */
    static final Set<String> QUIET = Set.of(EXPIRED, IDLE, SUPERSEDED);

    /** A use is written down when the one written before is older than this part of the idle time. */
    private static final int PARTS = 20;

    private final Duration idle;
    private final Clock clock;

    Limits(SessionsConfig config, Clock clock) {
        this.idle = config.idle();
        this.clock = clock;
    }

    /** The cause for which the session is over by now, whatever its row says. */
    Optional<String> reached(SessionRow row) {
        Instant now = clock.instant();
        if (!row.expiresAt.isAfter(now)) {
            return Optional.of(EXPIRED);
        }
        return unusedSince(now).filter(since -> !row.lastUsedAt.isAfter(since)).map(since -> IDLE);
    }

    /**
     * A session whose last written use is not after this is idle; empty when there is no idle time. As a use is not always
     * written, it lies a little further back: a session never ends before its time, and at most a twentieth after it.
     */
    Optional<Instant> unusedSince(Instant now) {
        return idle.isPositive() ? Optional.of(now.minus(idle).minus(idle.dividedBy(PARTS))) : Optional.empty();
    }

    /** Whether a use of the session now is to be written down. */
    boolean isWorthWriting(SessionRow row) {
        return idle.isPositive() && !row.lastUsedAt.isAfter(clock.instant().minus(idle.dividedBy(PARTS)));
    }
}
