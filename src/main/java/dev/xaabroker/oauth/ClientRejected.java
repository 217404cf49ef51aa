package dev.xaabroker.oauth;

/** Client authentication failed (RFC 6749 s5.2 {@code invalid_client}). The message is for the log only. */
final class ClientRejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean basic;

    ClientRejected(String message, boolean basic) {
        super(message, null, false, false);
        this.basic = basic;
    }

    /** Whether the client used HTTP Basic, and must be told the scheme in {@code WWW-Authenticate}. */
    boolean basic() {
        return basic;
    }
}
