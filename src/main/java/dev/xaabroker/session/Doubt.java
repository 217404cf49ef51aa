package dev.xaabroker.session;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a refresh token may be sent, when it was sent before and no answer came: its sender crashed, or the answer was
 * lost. An IdP that rotates has spent it then, and one without a grace period takes it for stolen and ends the whole family
 * (RFC 9700 s4.14.2; RULES B7).
 */
enum Doubt {
    /** It was answered, or the IdP does not rotate this session's tokens. */
    NONE,
    /** The IdP still honours a token that was rotated a moment ago: it may be sent once more. */
    ONCE_MORE,
    /** It must not be sent again; the session is lost. */
    LOST;

    /** How an end by {@link #LOST} is called in the row and in the ledger. */
    static final String CAUSE = "rotation-lost";

    /**
     * What is known of the token of {@code row}, whose lease has ended.
     *
     * @param grace how long after a rotation the IdP still honours the spent token; zero when it does not
     */
    static Doubt about(SessionRow row, Duration grace, Instant now) {
        if (row.refreshSentAt == null || (row.provenAt != null && !row.rotates)) {
            return NONE;
        }
        return !row.refreshResent && now.isBefore(row.refreshSentAt.plus(grace)) ? ONCE_MORE : LOST;
    }
}
