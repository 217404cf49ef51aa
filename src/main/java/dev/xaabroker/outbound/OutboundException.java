package dev.xaabroker.outbound;

/** No usable answer came from a peer. The message names the host and the cause, and holds no parameter of the request. */
public final class OutboundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as the caller must treat it differently. */
    public enum Kind {
        /** The URL or its host's addresses break our rules: nothing was sent, and never will be. */
        REFUSED,
        /** An answer came that breaks our rules, by a redirect or its size: never retried, and the peer may have acted. */
        UNUSABLE,
        /** Nothing was sent: the connection could not be made, or too many requests to this peer are under way. */
        NOT_SENT,
        /** It was sent, and no answer came back in time or whole: the peer may have acted on it. */
        LOST
    }

    private final Kind kind;

    public OutboundException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
