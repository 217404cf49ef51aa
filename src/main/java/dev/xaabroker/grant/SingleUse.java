package dev.xaabroker.grant;

/** What is known of a JWT that may be used once. */
public enum SingleUse {
    FIRST,
    AGAIN,
    /** It was issued before we began to remember, after a restart or a loss: whether it was used, nobody knows. */
    ISSUED_TOO_EARLY
}
