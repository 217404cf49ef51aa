package dev.xaabroker.session;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Streams in memory, behind a database that can be down. */
public final class StreamStore implements SignalStreams {

    public volatile boolean down;
    private final Map<String, SignalStream> streams = new ConcurrentHashMap<>();

    @Override
    public Optional<SignalStream> find(String tenant, String idp) {
        throwIfDown();
        return Optional.ofNullable(streams.get(tenant + "\n" + idp));
    }

    @Override
    public synchronized SignalStream change(
            String tenant, String idp, Instant now, UnaryOperator<SignalStream> change) {
        throwIfDown();
        String id = tenant + "\n" + idp;
        SignalStream changed = change.apply(streams.getOrDefault(id, SignalStream.begin(now)));
        streams.put(id, changed);
        return changed;
    }

    private void throwIfDown() {
        if (down) {
            throw Sql.unavailable("down");
        }
    }
}
