package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStream.Degradation;
import dev.xaabroker.session.SignalStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Judges whether an IdP's signals can be relied on, and says so when that changes: in the log, in the ledger and as a number
 * (RULES H10). Once they are degraded, only a verification that came since then shows that they are well.
 */
@ApplicationScoped
public class StreamHealth {

    /** How the ledger calls it; neither is a decision on a request. */
    public static final String DEGRADED = "signals-degraded";

    public static final String WELL = "signals-well";

    private static final Logger LOG = Logger.getLogger(StreamHealth.class);
    private static final int MOST = 400;

    private final SignalStreams streams;
    private final Ledger ledger;
    private final StreamsConfig config;
    private final Clock clock;

    StreamHealth(SignalStreams streams, Ledger ledger, StreamsConfig config, Clock clock) {
        this.streams = streams;
        this.ledger = ledger;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Whether the signals of an IdP are known to be degraded.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable when the database does not answer
     */
    public boolean isDegraded(IdentityProviderEntry idp) {
        return streams.find(idp.tenant(), idp.name())
                .map(stream -> stream.degraded() != null)
                .orElse(false);
    }

    /** @param failing why the stream cannot be made or fetched, if so for long enough */
    void judge(IdentityProviderEntry idp, Optional<String> failing) {
        Optional<SignalStream> known = streams.find(idp.tenant(), idp.name());
        if (known.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        SignalStream before = known.get();
        SignalStream after = judged(idp, before, failing, now);
        if (!after.equals(before)) {
            after = streams.change(idp.tenant(), idp.name(), now, stream -> judged(idp, stream, failing, now));
            say(idp, before, after, now);
        }
        if (!after.told()) {
            ledger.append(entry(idp, after, now));
            streams.change(idp.tenant(), idp.name(), now, SignalStream::noted);
        }
    }

    private SignalStream judged(IdentityProviderEntry idp, SignalStream stream, Optional<String> failing, Instant now) {
        String ailment = stream.ailment(now, config.failingFor());
        if (ailment != null || failing.isPresent()) {
            return stream.degraded(now, cut(ailment != null ? ailment : failing.orElseThrow()));
        }
        Degradation degraded = stream.degraded();
        boolean shown = !idp.signals().ssf().stream().isManaged()
                || (degraded != null
                        && stream.verified() != null
                        && stream.verified().isAfter(degraded.since()));
        return shown ? stream.well() : stream;
    }

    private static void say(IdentityProviderEntry idp, SignalStream before, SignalStream after, Instant now) {
        if (after.degraded() != null && before.degraded() == null) {
            LOG.errorf(
                    "ALERT: the signals of an identity provider cannot be relied on; its sessions are checked more often"
                            + " idp=%s cause=%s recheck_s=%d",
                    idp.name(),
                    after.degraded().because(),
                    idp.signals().ssf().stream().degradedRecheck().toSeconds());
        } else if (after.degraded() == null && before.degraded() != null) {
            LOG.warnf(
                    "The signals of an identity provider can be relied on again idp=%s were_degraded_s=%d",
                    idp.name(), Duration.between(before.degraded().since(), now).toSeconds());
        }
    }

    private static Entry entry(IdentityProviderEntry idp, SignalStream stream, Instant now) {
        Degradation degraded = stream.degraded();
        return Happening.of(degraded == null ? WELL : DEGRADED, "ssf")
                .detail("idp=" + idp.name() + (degraded == null ? "" : " " + degraded.because()))
                .entry(now, "ssf-" + UUID.randomUUID(), idp.tenant());
    }

    private static String cut(String text) {
        return text.length() > MOST ? text.substring(0, MOST) : text;
    }
}
