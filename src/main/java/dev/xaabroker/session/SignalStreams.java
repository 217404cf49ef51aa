package dev.xaabroker.session;

import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is known of the streams of security events. Durable, and read anew by whoever asks. Every method throws
 * Refusal(Unavailable "store") when the database does not answer.
 */
public interface SignalStreams {

    /** The stream of an identity provider; empty when nobody looked after it yet. */
    Optional<SignalStream> find(String tenant, String idp);

    /**
     * Changes it, one after the other in the fleet.
     *
     * @param now since when it is looked after, if nobody did before
     * @param change of what is known into what is known from now on; it may run twice
     * @return what is known now
     */
    SignalStream change(String tenant, String idp, Instant now, UnaryOperator<SignalStream> change);
}
