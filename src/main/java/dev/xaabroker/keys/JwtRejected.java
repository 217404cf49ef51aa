package dev.xaabroker.keys;

/** A JWT did not pass its verifier. The message says which check failed and holds nothing of the token. */
public final class JwtRejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What of it was wrong, for answers that tell senders apart (RFC 8935 s2.4). */
    public enum Part {
        /** Its form, its kind or any other claim. */
        FORM,
        /** Its key or signature. */
        KEY,
        /** Its {@code iss}. */
        ISSUER,
        /** Its {@code aud}. */
        AUDIENCE
    }

    private final Part part;
    private final boolean unknownKey;

    public JwtRejected(String message) {
        this(Part.FORM, message, false);
    }

    private JwtRejected(Part part, String message, boolean unknownKey) {
        super(message, null, false, false);
        this.part = part;
        this.unknownKey = unknownKey;
    }

    static JwtRejected of(Part part, String message) {
        return new JwtRejected(part, message, false);
    }

    static JwtRejected ofUnknownKey(String message) {
        return new JwtRejected(Part.KEY, message, true);
    }

    public Part part() {
        return part;
    }

    /**
     * Whether the JWK Set holds no key that this JWT could be checked with, so that a fresh copy of the set, fetched at
     * most once per interval, may help (RULES C6).
     */
    public boolean unknownKey() {
        return unknownKey;
    }
}
