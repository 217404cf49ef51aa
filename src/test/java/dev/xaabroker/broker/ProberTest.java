package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.broker.Prober.Round;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the prober makes of the answers; that the broker gives the right ones is ProberIT's to show. */
class ProberTest {

    private static final Duration ALONE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Prober.class.getName());

    private final List<Entry> ledger = new ArrayList<>();
    private final List<Object> revoked = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private final AtomicInteger undone = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MemoryState state = new MemoryState();
    private final Handler handler = new Handler() {

        @Override
        public void publish(LogRecord record) {
            logged.add(record.getLevel() + " " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void fallSilent() {
        LOG.removeHandler(handler);
    }

    private Probe probe(String name) {
        ConnectRequest request = new ConnectRequest(
                Prober.PREFIX + name,
                Example.client("corp"),
                Example.request(Example.client("corp")).subject(),
                "https://mcp.example",
                Optional.empty(),
                Optional.empty(),
                false);
        return new Probe(name, Reason.SESSION_ENDED, false, () -> new Probe.Prepared(request, undone::incrementAndGet));
    }

    private static Policy policy(String revision) {
        return Fake.of(Policy.class, Map.of("tenant", arguments -> "acme", "revision", arguments -> revision));
    }

    private Optional<Round> round(Function<ConnectRequest, Connected> door, Probe... probes) {
        Policy policy = policy("r1");
        return round(() -> policy, door, probes);
    }

    private Optional<Round> round(
            ManagedConnections connections, Function<ConnectRequest, Connected> door, Probe... probes) {
        OutstandingTokens outstanding = Fake.of(OutstandingTokens.class, Map.of("revoke", arguments -> {
            revoked.add(arguments[1]);
            return null;
        }));
        return new Prober(
                        connections,
                        under -> List.of(probes),
                        door,
                        outstanding,
                        () -> {},
                        state,
                        ledger::add,
                        meters,
                        Example.CLOCK)
                .round(ALONE);
    }

    private static Connected refuse(Reason reason) {
        throw Failure.Denied.of(reason, "no").refusal();
    }

    private double failed(String probe) {
        return meters.counter("xaa.prober.failed", "probe", probe).count();
    }

    private double rounds(String outcome) {
        return meters.counter("xaa.prober.rounds", "outcome", outcome).count();
    }

    @Test
    void saysNothingOfWhatIsRefused() {
        Optional<Round> round = round(request -> refuse(Reason.SESSION_ENDED), probe("a"), probe("b"));

        assertThat(round).contains(new Round(Map.of("a", "refused", "b", "refused"), "refused"));
        assertThat(ledger).isEmpty();
        assertThat(logged).isEmpty();
        assertThat(failed("a")).isZero();
        assertThat(rounds("refused")).isOne();
        assertThat(undone).hasValue(2);
    }

    /** One of two gets a token: the alert names it, and nobody keeps the token. */
    @Test
    void aTokenIsAnAlertInLogMetricAndLedgerAndIsTakenBack() {
        Connected token = new Connected(
                Secret.of("a-token"), "Bearer", Scopes.parse("files.read"), Duration.ofMinutes(5), Optional.empty());

        Optional<Round> round = round(
                request -> request.id().endsWith("b") ? token : refuse(Reason.SESSION_ENDED), probe("a"), probe("b"));

        assertThat(round).contains(new Round(Map.of("a", "refused", "b", "failed"), "failed"));
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("ALERT", "probe=b", "must=session-ended", "got=a token", "request_id=probe-b")
                .doesNotContain("a-token");
        assertThat(failed("b")).isOne();
        assertThat(failed("a")).isZero();
        assertThat(rounds("failed")).isOne();
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.requestId()).isEqualTo("probe-b");
            assertThat(entry.decision()).isEqualTo("alert");
            assertThat(entry.reason()).isEqualTo("probe:b");
            assertThat(entry.detail()).doesNotContain("a-token");
        });
        assertThat(revoked).containsExactly(Fingerprint.sha256("a-token"));
        assertThat(undone).hasValue(2);
    }

    @Test
    void whatIsRefusedByLuckOrBreaksIsAnAlertToo() {
        Optional<Round> round = round(
                request -> {
                    if (request.id().endsWith("lucky")) {
                        return refuse(Reason.USER_NOT_IN_GROUP);
                    }
                    throw new IllegalStateException("broken");
                },
                probe("lucky"),
                probe("broken"));

        assertThat(round.map(Round::outcome)).contains("failed");
        assertThat(failed("lucky")).isOne();
        assertThat(failed("broken")).isOne();
        assertThat(ledger).hasSize(2);
    }

    /** What was refused under the file of before need not be under the new one. */
    @Test
    void aPolicyThatChangesMeanwhileIsNoAlert() {
        Policy before = policy("r1");
        Policy after = policy("r2");
        Deque<Policy> inForce = new ArrayDeque<>(List.of(before, after));

        Optional<Round> round = round(
                () -> inForce.size() > 1 ? inForce.pop() : after, request -> refuse(Reason.NO_CONNECTION), probe("a"));

        assertThat(round.map(Round::outcome)).contains("unclear");
        assertThat(failed("a")).isZero();
    }

    @Test
    void aStoreThatIsDownIsNoAlert() {
        Optional<Round> round = round(
                request -> {
                    throw new Failure.Unavailable("store", ALONE, "down").refusal();
                },
                probe("a"));

        assertThat(round.map(Round::outcome)).contains("unclear");
        assertThat(failed("a")).isZero();
        assertThat(ledger).isEmpty();
        assertThat(rounds("unclear")).isOne();
    }

    @Test
    void whatCannotBePreparedIsNoAlertAndTheOthersAreTried() {
        Probe unprepared = new Probe("x", Reason.SESSION_ENDED, false, () -> {
            throw new Failure.Unavailable("store", ALONE, "down").refusal();
        });

        Optional<Round> round = round(request -> refuse(Reason.SESSION_ENDED), unprepared, probe("a"));

        assertThat(round).contains(new Round(Map.of("x", "unclear", "a", "refused"), "unclear"));
    }

    @Test
    void anotherReplicaLeavesItForAWhile() {
        assertThat(round(request -> refuse(Reason.SESSION_ENDED), probe("a"))).isPresent();
        assertThat(round(request -> refuse(Reason.SESSION_ENDED), probe("a"))).isEmpty();
        assertThat(undone).hasValue(1);
    }
}
