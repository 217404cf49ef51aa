package dev.xaabroker.broker;

import dev.xaabroker.broker.SecurityEvents.Result;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.SsfStream;
import dev.xaabroker.grant.SsfStream.Delivery;
import dev.xaabroker.grant.SsfStream.Management;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStreams;
import dev.xaabroker.session.StreamStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** One IdP's stream of security events, with everything around it in memory. */
final class StreamWorld {

    private Instant now = Example.NOW;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    final StreamStore store = new StreamStore();
    final StreamTransmitter transmitter = new StreamTransmitter();
    final List<Entry> ledger = new ArrayList<>();
    final List<String> received = new CopyOnWriteArrayList<>();
    /** What becomes of an event, unless it is accepted; {@code later} stands for a database that is down. */
    final Map<String, Result> results = new ConcurrentHashMap<>();

    boolean ledgerDown;

    private final MemoryState state = new MemoryState();
    private final SignalStreams rows = store;
    private final StreamsConfig config = new StreamsConfig() {
        @Override
        public Duration lease() {
            return Duration.ofSeconds(5);
        }

        @Override
        public Duration failingFor() {
            return Duration.ofSeconds(30);
        }

        @Override
        public int batch() {
            return 2;
        }
    };
    private final SignalSources sources = new SignalSources(
            Fake.of(ManagedConnections.class, Map.of()),
            rows,
            Fake.of(SignalsConfig.class, Map.of("address", arguments -> "https://broker.example")));
    private final StreamSetup setup =
            new StreamSetup(transmitter, rows, sources, config, new KeyedHash(KeyRing.of(KeyRing.generate())), clock);
    final StreamHealth health = new StreamHealth(rows, this::append, config, clock);
    final StreamReports reports = new StreamReports(rows, setup, clock);
    final Degraded degraded = new Degraded(rows, config, clock);
    final Streams streams = replica();
    IdentityProviderEntry idp = managed(Duration.ofMinutes(5));

    Streams replica() {
        return new Streams(
                Fake.of(ManagedConnections.class, Map.of()),
                setup,
                new StreamPolling(transmitter, this::receive, rows, config, clock),
                health,
                state,
                config,
                clock);
    }

    private void append(Entry entry) {
        if (ledgerDown) {
            throw new Failure.Unavailable("ledger", Duration.ofSeconds(1), "down").refusal();
        }
        ledger.add(entry);
    }

    private Result receive(IdentityProviderEntry from, Secret set, String requestId) {
        received.add(set.reveal());
        Result result = results.getOrDefault(set.reveal(), new Result.Accepted());
        if (result instanceof Result.Rejected(String code, String why) && code.equals("later")) {
            throw new Failure.Unavailable("store", Duration.ofSeconds(1), "down").refusal();
        }
        return result;
    }

    private static IdentityProviderEntry managed(Duration verifyEvery) {
        return entry(new SsfStream(
                Delivery.POLL,
                new Management.Token(Secret.of("token")),
                Duration.ofSeconds(1),
                verifyEvery,
                Duration.ofSeconds(15)));
    }

    void verifyEvery(Duration every) {
        idp = managed(every);
    }

    void byHand() {
        idp = entry(SsfStream.BY_HAND);
    }

    private static IdentityProviderEntry entry(SsfStream stream) {
        IdentityProviderEntry plain = Example.idp();
        return new IdentityProviderEntry(
                plain.tenant(),
                plain.name(),
                plain.issuer(),
                plain.status(),
                plain.profile(),
                plain.strategy(),
                plain.recheck(),
                plain.claims(),
                true,
                true,
                false,
                List.of(),
                plain.peer(),
                new Signals(
                        Set.of(Signals.Way.SSF), new Signals.Ssf("https://idp.example", null, "acme", null, stream)));
    }

    Duration recheck() {
        return degraded.recheck(idp);
    }

    Duration recheckAfterASecond() {
        pass(Duration.ofSeconds(1));
        return recheck();
    }

    Duration tend() {
        return streams.tend(idp);
    }

    /** Time passes, and the stream is tended when it wants to be. */
    void tendFor(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            Duration pause = tend();
            now = now.plus(pause).isAfter(end) ? end : now.plus(pause);
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    SignalStream stream() {
        return store.find(idp.tenant(), idp.name()).orElseThrow();
    }

    boolean report(String verification) {
        return reports.verification(idp, transmitter.streamId, verification);
    }

    /** The verification that was last asked for arrives. */
    boolean answer() {
        return report(transmitter.states.getLast());
    }

    /** A stream that is open and was verified a moment ago. */
    void verified() {
        tend();
        answer();
        pass(Duration.ofSeconds(1));
    }
}
