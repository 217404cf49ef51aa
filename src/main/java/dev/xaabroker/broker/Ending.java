package dev.xaabroker.broker;

import dev.xaabroker.grant.Refusal;
import dev.xaabroker.session.Ends;
import dev.xaabroker.state.IssuedTokens;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What an end sets off, besides what is true in SQL when it is written: connects under way are cut off, cached tokens go, and
 * the queue of revocations is woken. The other replicas see the same within {@link Underway#TICK}.
 */
@ApplicationScoped
class Ending {

    private static final Logger LOG = Logger.getLogger(Ending.class);

    private final Underway underway;
    private final IssuedTokens tokens;
    private final Revocations revocations;
    private final MeterRegistry meters;
    private final Clock clock;

    Ending(Underway underway, IssuedTokens tokens, Revocations revocations, MeterRegistry meters, Clock clock) {
        this.underway = underway;
        this.tokens = tokens;
        this.revocations = revocations;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Writes an end and does what follows from it.
     *
     * @param signal what told us to, in a word, for the metric
     * @param received when it did
     * @param end returns when it is durable
     */
    Ends.Ended by(String signal, Instant received, Supplier<Ends.Ended> end) {
        Ends.Ended ended = end.get();
        underway.cutOff(ended.sessions());
        underway.look();
        if (ended.tokens() > 0 || !ended.sessions().isEmpty()) {
            latency(meters, signal).record(Duration.between(received, clock.instant()));
            forget(ended);
            revocations.wake();
        }
        return ended;
    }

    /** From the receipt of what ends a login to the last moment at which it could be used. */
    static Timer latency(MeterRegistry meters, String signal) {
        return Timer.builder("revocation.latency")
                .description("from the receipt of a signal to the last possible use of what it ends")
                .tag("signal", signal)
                .register(meters);
    }

    /** Nobody can use what lies there, with or without this: it is compared with the session when it is found. */
    private void forget(Ends.Ended ended) {
        try {
            ended.cached().forEach(tokens::forget);
        } catch (Refusal down) {
            LOG.debug("Cached tokens of ended sessions stay until they expire: the store does not answer");
        }
    }
}
