package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStream.Made;
import dev.xaabroker.session.SignalStream.Status;
import dev.xaabroker.session.SignalStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What comes over a stream about the stream itself, on whichever replica (SSF s8.1.4, s8.1.5; RULES H10). */
@ApplicationScoped
class StreamReports implements StreamEvents {

    private static final Logger LOG = Logger.getLogger(StreamReports.class);

    private final SignalStreams streams;
    private final StreamSetup setup;
    private final Clock clock;

    StreamReports(SignalStreams streams, StreamSetup setup, Clock clock) {
        this.streams = streams;
        this.setup = setup;
        this.clock = clock;
    }

    /**
     * A state that we asked for, once: it came before when the answer to it was lost. A transmitter that verifies by itself sends
     * none, and that shows nothing. For a stream that was made by hand none is outstanding, so that no state is right
     * (RULES H10).
     */
    @Override
    public boolean verification(IdentityProviderEntry idp, String streamId, @Nullable String state) {
        if (state == null) {
            return true;
        }
        if (!idp.signals().ssf().stream().isManaged()) {
            return false;
        }
        SignalStream stream = setup.known(idp);
        Made made = stream.made();
        boolean ours = made != null
                && made.id().equals(streamId)
                && stream.seed() != null
                && MessageDigest.isEqual(bytes(setup.state(idp, made.id(), stream.seed())), bytes(state));
        if (ours && stream.isUnanswered()) {
            String seed = stream.seed();
            streams.change(
                    idp.tenant(),
                    idp.name(),
                    clock.instant(),
                    row -> String.valueOf(seed).equals(row.seed()) ? row.verified(clock.instant()) : row);
        }
        return ours;
    }

    @Override
    public void updated(IdentityProviderEntry idp, String status) {
        Status now = Status.valueOf(status.toUpperCase(Locale.ROOT));
        LOG.warnf("The transmitter changed a stream of security events idp=%s status=%s", idp.name(), status);
        streams.change(idp.tenant(), idp.name(), clock.instant(), stream -> stream.withStatus(now));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
