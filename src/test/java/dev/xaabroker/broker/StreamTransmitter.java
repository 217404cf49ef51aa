package dev.xaabroker.broker;

import dev.xaabroker.exchange.SharedSignals;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A transmitter without a wire: what it has to send is text, by its own name. */
final class StreamTransmitter implements SharedSignals {

    final List<String> states = new ArrayList<>();
    final List<String> queue = new ArrayList<>();
    final List<String> acknowledged = new ArrayList<>();
    final Map<String, SetError> refused = new HashMap<>();

    String streamId = "stream-1";
    Set<String> delivered = Set.copyOf(EventType.wanted());
    Standing standing = Standing.ENABLED;

    @Nullable
    Failure pollRefusal;
    /** How many of the next answers to a poll get lost after it was done. */
    int loseAnswers;
    /** How many of the next acknowledgements do not arrive. */
    int loseAcknowledgements;
    /** Whether it says that there is more when there is not. */
    boolean promises;
    /** Whether it sends again what it was told is done. */
    boolean forgetsNothing;

    int opened;
    int polls;

    void queue(String... events) {
        queue.addAll(List.of(events));
    }

    @Override
    public Stream open(IdentityProviderEntry idp, Wanted wanted) {
        opened++;
        return new Stream(streamId, List.of("us"), List.copyOf(delivered), "https://idp.example/poll", Duration.ZERO);
    }

    @Override
    public Optional<Standing> standing(IdentityProviderEntry idp, String of) {
        return Optional.of(standing);
    }

    @Override
    public void verify(IdentityProviderEntry idp, String of, String state) {
        states.add(state);
    }

    @Override
    public Batch poll(IdentityProviderEntry idp, String pollUrl, Verdicts verdicts, int most) {
        polls++;
        if (polls > 1_000) {
            throw new AssertionError("asked without end");
        }
        Failure failure = pollRefusal;
        if (failure != null) {
            throw failure.refusal();
        }
        if (!verdicts.isEmpty() && loseAcknowledgements-- > 0) {
            throw lost();
        }
        if (!forgetsNothing) {
            queue.removeAll(verdicts.handled());
            queue.removeAll(verdicts.bad().keySet());
        }
        acknowledged.addAll(verdicts.handled());
        refused.putAll(verdicts.bad());
        Map<String, String> sets = new LinkedHashMap<>();
        queue.stream().limit(most).forEach(event -> sets.put(event, event));
        if (!sets.isEmpty() && loseAnswers-- > 0) {
            throw lost();
        }
        return new Batch(sets, promises || queue.size() > sets.size());
    }

    private static RuntimeException lost() {
        return new Failure.Unavailable("ssf", Duration.ofSeconds(1), "no answer").refusal();
    }
}
