package dev.xaabroker.keys;

/** A JWT did not pass its verifier. The message says which check failed and holds nothing of the token. */
public final class JwtRejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public JwtRejected(String message) {
        super(message, null, false, false);
    }
}
