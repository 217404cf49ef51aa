package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.keys.Sealer;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.Ends;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.IssuedTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token that was given back is not served again from the cache. */
class ReturnDeskTest {

    private static final Secret TOKEN = Secret.of("token");
    private static final String NAME = "tok:1";

    private final MemoryState state = new MemoryState();
    private final List<Entry> ledger = new ArrayList<>();
    private final List<Object> ended = new ArrayList<>();
    private final ReturnDesk desk = desk();

    private ReturnDesk desk() {
        KeyRing ring = KeyRing.of(KeyRing.generate());
        IssuedTokens tokens = new IssuedTokens(state, new Sealer(ring), new KeyedHash(ring));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Policy policy = Fake.of(Policy.class, Map.of("tenant", arguments -> "acme", "revision", arguments -> "r"));
        Ends ends = Fake.of(Ends.class, Map.of("given", arguments -> {
            ended.add(arguments[2]);
            return new Ends.Ended(List.of(), 1, List.of(NAME), true);
        }));
        return new ReturnDesk(
                Fake.of(ManagedConnections.class, Map.of("current", arguments -> policy)),
                Fake.of(OutstandingTokens.class, Map.of("cached", arguments -> {
                    assertThat(arguments).containsExactly("acme", "cursor", Fingerprint.sha256(TOKEN.reveal()));
                    return List.of(NAME);
                })),
                tokens,
                ends,
                new Ending(
                        new Underway(null, null, null, meters, Example.CLOCK),
                        tokens,
                        new Revocations(null, null, null, null, null, null, Example.CLOCK),
                        meters,
                        Example.CLOCK),
                ledger::add,
                Example.CLOCK);
    }

    @BeforeEach
    void aTokenLiesInTheCache() {
        state.put(NAME, new byte[] {1}, Duration.ofMinutes(5));
    }

    @Test
    @Rules("H1")
    void itLeavesTheCacheAndGoesIntoTheQueue() {
        desk.take(Example.client("corp"), TOKEN, "r");

        assertThat(state.size()).isZero();
        assertThat(ended).containsExactly(TOKEN);
        assertThat(ledger).hasSize(1);
    }

    /** Else it would be served again when the cache is back. */
    @Test
    @Rules({"F9", "H1"})
    void itIsNotAcknowledgedWhileTheCacheCannotForgetIt() {
        state.down = true;

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> desk.take(Example.client("corp"), TOKEN, "r"))
                .satisfies(refusal -> assertThat(refusal.failure()).isInstanceOf(Failure.Unavailable.class));

        assertThat(ended).isEmpty();
        assertThat(ledger).isEmpty();
    }
}
