package dev.xaabroker.state;

import dev.xaabroker.grant.SingleUse;
import dev.xaabroker.keys.KeyedHash;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Remembers which single-use JWTs have been used, until they are expired anyway. */
@ApplicationScoped
public class ReplayMarks {

    private static final byte[] USED = {1};

    private final State state;
    private final KeyedHash hash;
    private final Clock clock;

    public ReplayMarks(State state, KeyedHash hash, Clock clock) {
        this.state = state;
        this.hash = hash;
        this.clock = clock;
    }

    /**
     * Marks a JWT as used, in one atomic step for all replicas.
     *
     * @param kind which kind of JWT, so that two kinds never meet
     * @param issuer within which {@code id} is unique
     * @param id its {@code jti}
     * @param issued its {@code iat}, or the earliest that it can have been issued
     * @param until when it is past its {@code exp} and the skew
     * @throws dev.xaabroker.grant.Refusal Unavailable when the store does not answer: it is then not accepted (RULES F9)
     */
    public SingleUse use(String kind, String issuer, String id, Instant issued, Instant until) {
        Duration left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) {
            return SingleUse.AGAIN;
        }
        boolean first = state.putIfAbsent("use:" + hash.of("replay", kind, issuer, id), USED, left);
        if (issued.isBefore(state.since())) {
            return SingleUse.ISSUED_TOO_EARLY;
        }
        return first ? SingleUse.FIRST : SingleUse.AGAIN;
    }
}
