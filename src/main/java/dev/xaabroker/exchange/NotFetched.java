package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.OutboundException;
import java.time.Duration;

/** A document of a peer could not be had. */
final class NotFetched extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean unreachable;
    private final Duration retryAfter;
    private final Duration rememberFor;

    private NotFetched(String detail, boolean unreachable, Duration retryAfter, Duration rememberFor) {
        super(detail, null, false, false);
        this.unreachable = unreachable;
        this.retryAfter = retryAfter;
        this.rememberFor = rememberFor;
    }

    /** The peer did not answer, or is busy. Remembered for a moment only, so that its return is noticed. */
    static NotFetched unreachable(String detail, Duration retryAfter, Duration rememberFor) {
        return new NotFetched(detail, true, retryAfter, rememberFor);
    }

    /** The peer says that there is no such document. */
    static NotFetched absent(String detail, Duration rememberFor) {
        return new NotFetched(detail, false, Duration.ZERO, rememberFor);
    }

    /** There is a document and it must not be used. Never remembered (RULES D11). */
    static NotFetched unusable(String detail) {
        return new NotFetched(detail, false, Duration.ZERO, Duration.ZERO);
    }

    static NotFetched because(OutboundException cause, Duration rememberFor) {
        return switch (cause.kind()) {
            case REFUSED, UNUSABLE -> unusable(String.valueOf(cause.getMessage()));
            case NOT_SENT, LOST -> unreachable(String.valueOf(cause.getMessage()), RetryAfter.UNSAID, rememberFor);
        };
    }

    boolean isUnreachable() {
        return unreachable;
    }

    Duration rememberFor() {
        return rememberFor;
    }

    Failure failure(Failure.Hop hop, Peer peer) {
        String detail = peer.name() + ": " + getMessage();
        return unreachable
                ? new Failure.Unavailable(hop.code(), retryAfter, detail)
                : new Failure.PeerFault(hop, peer.name(), detail);
    }
}
