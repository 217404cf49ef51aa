package dev.xaabroker.grant;

import java.time.Duration;

/**
 * How the broker receives the stream of an IdP's Shared Signals transmitter, and what holds while it is silent (SSF 1.0).
 *
 * @param pollEvery how long after an empty poll the next one goes out
 * @param verifyEvery how often the transmitter is asked for a sign of life; twice as long without one and its signals are
 *     degraded
 * @param degradedRecheck how old the last proof of a session may be while they are; never longer than {@code recheck}
 */
public record SsfStream(
        Delivery delivery, Management management, Duration pollEvery, Duration verifyEvery, Duration degradedRecheck) {

    /** Who carries the events. */
    public enum Delivery {
        /** The transmitter brings them (RFC 8935). */
        PUSH("urn:ietf:rfc:8935"),
        /** The broker fetches them (RFC 8936). */
        POLL("urn:ietf:rfc:8936");

        private final String method;

        Delivery(String method) {
            this.method = method;
        }

        /** The delivery method's name on the wire (SSF s6.1). */
        public String method() {
            return method;
        }
    }

    /** With what right the broker manages its stream at the transmitter. */
    public sealed interface Management {

        /** None: somebody made the stream at the transmitter. It cannot be polled, and nothing tells that it is silent. */
        record ByHand() implements Management {}

        /** An access token that was handed over. */
        record Token(Secret token) implements Management {}

        /** Access tokens of the IdP for a registration there (RFC 6749 s4.4). */
        record Registration(Credentials credentials) implements Management {}
    }

    /** What holds when the file says nothing: pushed, by a stream that is managed by hand. */
    public static final SsfStream BY_HAND = new SsfStream(
            Delivery.PUSH,
            new Management.ByHand(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(15));

    /** Whether the broker looks after the stream itself. */
    public boolean isManaged() {
        return !(management instanceof Management.ByHand);
    }
}
