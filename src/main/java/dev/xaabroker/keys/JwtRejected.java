package dev.xaabroker.keys;

/** A JWT did not pass its verifier. The message says which check failed and holds nothing of the token. */
public final class JwtRejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean unknownKey;

    public JwtRejected(String message) {
        this(message, false);
    }

    private JwtRejected(String message, boolean unknownKey) {
        super(message, null, false, false);
        this.unknownKey = unknownKey;
    }

    static JwtRejected ofUnknownKey(String message) {
        return new JwtRejected(message, true);
    }

    /**
     * Whether the JWK Set holds no key that this JWT could be checked with, so that a fresh copy of the set, fetched at
     * most once per interval, may help (RULES C6).
     */
    public boolean unknownKey() {
        return unknownKey;
    }
}
