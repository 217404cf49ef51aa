package dev.xaabroker.exchange;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Shared Signals transmitter of an IdP, as the broker manages and polls its stream there (SSF 1.0 s7 and s8, RFC 8936).
 * Every method throws Refusal: Unavailable when the transmitter does not answer or will not do it now, PeerFault when it answers
 * nonsense, does not know the stream, or refuses the broker.
 */
public interface SharedSignals {

    /** Finds the broker's stream and brings it up to date, or makes it (SSF s8.1.1). */
    Stream open(IdentityProviderEntry idp, Wanted wanted);

    /** What the transmitter does with the stream now (SSF s8.1.2); empty when it has no such endpoint. */
    Optional<Standing> standing(IdentityProviderEntry idp, String streamId);

    /** Asks for a verification event that carries {@code state} (SSF s8.1.4). */
    void verify(IdentityProviderEntry idp, String streamId, String state);

    /**
     * Says what became of events that came before, and fetches further ones without waiting for any (RFC 8936 s2).
     *
     * @param most how many; zero fetches none
     */
    Batch poll(IdentityProviderEntry idp, String pollUrl, Verdicts verdicts, int most);

    /**
     * The stream to have.
     *
     * @param knownId the stream that was ours; null when none is known
     * @param pushUrl where events are pushed to; null when they are polled
     * @param authorization the whole header to push with
     * @param events the event types to ask for
     * @param description by which people, and the broker itself, know the stream again
     */
    record Wanted(
            @Nullable String knownId,
            @Nullable String pushUrl,
            @Nullable Secret authorization,
            List<String> events,
            String description) {

        public Wanted {
            events = List.copyOf(events);
        }
    }

    /**
     * A stream as the transmitter has it.
     *
     * @param audience {@code aud} of its events
     * @param delivered the event types that come
     * @param pollUrl where they are fetched; null when they are pushed
     * @param verifyAtMostEvery how often it lets itself be asked for a verification; zero when it does not say
     */
    record Stream(
            String id,
            List<String> audience,
            List<String> delivered,
            @Nullable String pollUrl,
            Duration verifyAtMostEvery) {

        public Stream {
            audience = List.copyOf(audience);
            delivered = List.copyOf(delivered);
        }
    }

    /** What a transmitter does with a stream. */
    enum Standing {
        ENABLED,
        PAUSED,
        DISABLED
    }

    /** What became of events, by the {@code jti} under which they came. */
    record Verdicts(Set<String> handled, Map<String, SetError> bad) {

        /** Nothing to say. */
        public static final Verdicts NONE = new Verdicts(Set.of(), Map.of());

        public Verdicts {
            handled = Set.copyOf(handled);
            bad = Map.copyOf(bad);
        }

        public boolean isEmpty() {
            return handled.isEmpty() && bad.isEmpty();
        }

        /** Whether something is said about each of these. */
        public boolean cover(Set<String> events) {
            return events.stream().allMatch(event -> handled.contains(event) || bad.containsKey(event));
        }
    }

    /** Why an event is refused for good (RFC 8935 s2.4). */
    record SetError(String err, String description) {}

    /**
     * Events that were fetched. They hold subjects: {@link #toString()} shows how many.
     *
     * @param sets by {@code jti}
     * @param more whether there are further ones
     */
    record Batch(Map<String, String> sets, boolean more) {

        public Batch {
            sets = Map.copyOf(sets);
        }

        @Override
        public String toString() {
            return "Batch[" + sets.size() + ", more=" + more + "]";
        }
    }
}
