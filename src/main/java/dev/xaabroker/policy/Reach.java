package dev.xaabroker.policy;

import dev.xaabroker.grant.Reason;

/**
 * The conditions of a connection in the order in which they are tried: the one that stopped a request, or
 * {@link #GRANTED} when none did. A later constant got further.
 */
enum Reach {
    STATUS(Reason.CONNECTION_DISABLED),
    EXPIRY(Reason.CONNECTION_EXPIRED),
    KILLED(Reason.CONNECTION_KILLED),
    USER(Reason.USER_NOT_IN_GROUP),
    SCOPE(Reason.SCOPE_NOT_ALLOWED),
    ASSURANCE(Reason.ASSURANCE_TOO_LOW),
    CONDITION_FALSE(Reason.CONDITION_FALSE),
    CONDITION_ERROR(Reason.CONDITION_ERROR),
    GRANTED(Reason.ALLOWED);

    private final Reason reason;

    Reach(Reason reason) {
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
