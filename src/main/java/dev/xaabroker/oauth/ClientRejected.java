package dev.xaabroker.oauth;

/** Client authentication failed (RFC 6749 s5.2 {@code invalid_client}). The message is for the log only. */
final class ClientRejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean basic;
    private final boolean guess;
    private final transient OAuthError error;

    ClientRejected(String message, boolean basic) {
        this(message, basic, true, OAuthError.invalidClient());
    }

    private ClientRejected(String message, boolean basic, boolean guess, OAuthError error) {
        super(message, null, false, false);
        this.basic = basic;
        this.guess = guess;
        this.error = error;
    }

    /** The client proved its key, but we cannot tell whether this proof was used before. */
    static ClientRejected issuedTooEarly(String clientId) {
        return new ClientRejected(
                "client assertion of " + clientId + " was issued before the replay marks began",
                false,
                false,
                OAuthError.assertionTooOld());
    }

    /** Whether it counts against its sender, as one who may be guessing. */
    boolean isGuess() {
        return guess;
    }

    /** What the client is told. */
    OAuthError error() {
        return error;
    }

    /** Whether the client used HTTP Basic, and must be told the scheme in {@code WWW-Authenticate}. */
    boolean basic() {
        return basic;
    }
}
