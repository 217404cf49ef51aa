package dev.xaabroker.broker;

import dev.xaabroker.exchange.SharedSignals;
import dev.xaabroker.exchange.SharedSignals.Stream;
import dev.xaabroker.exchange.SharedSignals.Wanted;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Signals.Ssf;
import dev.xaabroker.grant.SsfStream.Delivery;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStream.Made;
import dev.xaabroker.session.SignalStream.Status;
import dev.xaabroker.session.SignalStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Makes the stream at the transmitter, keeps it as the file wants it, and has it verified. */
@ApplicationScoped
class StreamSetup {

    private static final Logger LOG = Logger.getLogger(StreamSetup.class);
    /** A stream that is not well is asked more often, so that it is well again soon. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final SharedSignals signals;
    private final SignalStreams streams;
    private final SignalSources sources;
    private final StreamsConfig config;
    private final KeyedHash hash;
    private final Clock clock;

    StreamSetup(
            SharedSignals signals,
            SignalStreams streams,
            SignalSources sources,
            StreamsConfig config,
            KeyedHash hash,
            Clock clock) {
        this.signals = signals;
        this.streams = streams;
        this.sources = sources;
        this.config = config;
        this.hash = hash;
        this.clock = clock;
    }

    /** What is known of the stream; from the first time on, it is looked after. */
    SignalStream known(IdentityProviderEntry idp) {
        return streams.find(idp.tenant(), idp.name())
                .orElseGet(() -> streams.change(idp.tenant(), idp.name(), clock.instant(), stream -> stream));
    }

    /** The stream at the transmitter, made or brought up to date when it is not what the file says. */
    Made opened(IdentityProviderEntry idp, SignalStream known) {
        Wanted wanted = wanted(idp, known);
        String madeFor = hash.of(
                "ssf-stream",
                idp.tenant(),
                idp.name(),
                idp.signals().ssf().transmitter(),
                String.valueOf(wanted.pushUrl()),
                wanted.authorization() == null ? "" : wanted.authorization().reveal(),
                String.join(" ", wanted.events()),
                idp.signals().ssf().stream().verifyEvery().toString());
        Made made = known.made();
        if (made != null && made.madeFor().equals(madeFor)) {
            return made;
        }
        Stream stream = signals.open(idp, wanted);
        checkDelivered(idp, stream, wanted);
        LOG.infof(
                "A stream of security events is open idp=%s stream=%s audience=%s",
                idp.name(), printable(stream.id()), printable(stream.audience().toString()));
        Made fresh = new Made(stream.id(), stream.audience(), stream.pollUrl(), madeFor);
        Duration silence = longer(idp.signals().ssf().stream().verifyEvery(), stream.verifyAtMostEvery())
                .multipliedBy(2);
        streams.change(idp.tenant(), idp.name(), clock.instant(), row -> row.made(fresh, silence));
        return fresh;
    }

    private Wanted wanted(IdentityProviderEntry idp, SignalStream known) {
        Ssf ssf = idp.signals().ssf();
        boolean push = ssf.stream().delivery() == Delivery.PUSH;
        Made made = known.made();
        return new Wanted(
                made == null ? null : made.id(),
                push ? sources.pushAddress(idp) : null,
                push ? ssf.authorization() : null,
                EventType.wanted(),
                "XAA Broker, " + idp.tenant() + "/" + idp.name());
    }

    /** What a transmitter does not deliver does not come, however often we ask for it. */
    private static void checkDelivered(IdentityProviderEntry idp, Stream stream, Wanted wanted) {
        List<String> missing = new ArrayList<>(wanted.events());
        missing.removeAll(stream.delivered());
        if (missing.size() == wanted.events().size()) {
            throw new Failure.PeerFault(
                            Failure.Hop.IDP,
                            idp.name(),
                            "ssf:" + idp.name()
                                    + ": the stream delivers none of the events that end a login: allow them there")
                    .refusal();
        }
        if (!missing.isEmpty()) {
            LOG.warnf("The transmitter does not deliver all that was asked for idp=%s missing=%s", idp.name(), missing);
        }
    }

    /** Asks for a verification when it is time, and how the stream stands. */
    void verify(IdentityProviderEntry idp, Made made) {
        Instant now = clock.instant();
        SignalStream stream = known(idp);
        if (!isDue(stream, now)) {
            return;
        }
        SignalStream asking = streams.change(
                idp.tenant(),
                idp.name(),
                now,
                row -> row.asking(
                        row.isUnanswered() && row.seed() != null
                                ? row.seed()
                                : UUID.randomUUID().toString(),
                        now));
        try {
            signals.standing(idp, made.id())
                    .ifPresent(standing -> streams.change(
                            idp.tenant(), idp.name(), now, row -> row.withStatus(Status.valueOf(standing.name()))));
            signals.verify(idp, made.id(), state(idp, made.id(), String.valueOf(asking.seed())));
        } catch (Refusal refusal) {
            if (!(refusal.failure() instanceof Failure.Unavailable)) {
                throw refusal;
            }
            // A poll says more about a transmitter that is away; one that is asked too often says 429.
            LOG.debugf(
                    "no verification asked for idp=%s cause=%s",
                    idp.name(), refusal.failure().detail());
        }
    }

    private boolean isDue(SignalStream stream, Instant now) {
        if (stream.asked() == null) {
            return true;
        }
        Duration every = stream.silence().dividedBy(2);
        boolean soon = !stream.isWell(now, config.failingFor()) && every.compareTo(AGAIN) > 0;
        return !now.isBefore(stream.asked().plus(soon ? AGAIN : every));
    }

    /** What a verification must carry: only who has the seed and our key can tell. */
    String state(IdentityProviderEntry idp, String streamId, String seed) {
        return hash.of("ssf-state", idp.tenant(), idp.name(), streamId, seed);
    }

    /** The stream is not what it should be: it is looked for again. */
    void doubt(IdentityProviderEntry idp) {
        streams.change(idp.tenant(), idp.name(), clock.instant(), SignalStream::doubted);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x21-\\x7E]", "?");
    }
}
