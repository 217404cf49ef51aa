package dev.xaabroker.exchange;

import java.time.Duration;

/** What came of one request to a token endpoint (RFC 6749 s5). Each detail is fit for the log and the ledger. */
sealed interface TokenAnswer {

    String detail();

    /** 200 and a JSON object; nothing in it has been checked yet. */
    record Granted(Document document) implements TokenAnswer {
        @Override
        public String detail() {
            return "granted";
        }
    }

    /** An OAuth error. */
    record Refused(int status, String error, Document document, String detail) implements TokenAnswer {}

    /** 429: it answered, and will not do this now. */
    record Busy(Duration retryAfter, String detail) implements TokenAnswer {}

    /** Nothing was sent: no connection, or not now. */
    record Unsent(Duration retryAfter, String detail) implements TokenAnswer {}

    /** 5xx of the peer itself: it did not do what was asked. */
    record Down(Duration retryAfter, String detail) implements TokenAnswer {}

    /** A time-out, a reset, or a gateway's error after it was sent: whether the peer acted on it is not known. */
    record Lost(Duration retryAfter, String detail) implements TokenAnswer {}

    /**
     * Neither a token answer nor an OAuth error, or a peer that must not be reached.
     *
     * @param status 0 when nothing was sent
     */
    record Nonsense(int status, String detail) implements TokenAnswer {

        /** Whether the peer may have done what was asked all the same: it did not say that it would not. */
        boolean mayHaveActed() {
            return status > 0 && status < 400;
        }
    }
}
