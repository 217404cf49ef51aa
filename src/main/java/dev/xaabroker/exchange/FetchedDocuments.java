package dev.xaabroker.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched from peers, for as long as they say and within bounds (RULES D11). Concurrent look-ups of one document
 * collapse to one; a doubted document is fetched anew at the next look-up, at most once per interval.
 */
final class FetchedDocuments<V> {

    private static final Duration LONGEST_FAILURE = Duration.ofSeconds(30);

    /** A document and how long it may be kept. */
    record Fetched<V>(V document, Duration lifetime) {}

    private record Entry<V>(
            @Nullable V document,
            @Nullable NotFetched failure,
            Instant until,
            boolean doubted,
            @Nullable Instant lastDoubt) {

        boolean usable(Instant now) {
            return !doubted && now.isBefore(until);
        }

        Entry<V> doubtedAt(Instant now, Duration interval) {
            boolean tooSoon = lastDoubt != null && now.isBefore(lastDoubt.plus(interval));
            return tooSoon ? this : new Entry<>(document, failure, until, true, now);
        }

        Entry<V> believed() {
            return new Entry<>(document, failure, until, false, lastDoubt);
        }

        V open() {
            if (document != null) {
                return document;
            }
            throw failure != null ? failure : NotFetched.unusable("nothing fetched");
        }
    }

    private final Clock clock;
    private final Duration refreshInterval;
    private final Map<String, Entry<V>> entries = new ConcurrentHashMap<>();
    private final SingleFlight<String, V> flights = new SingleFlight<>();

    FetchedDocuments(Clock clock, Duration refreshInterval) {
        this.clock = clock;
        this.refreshInterval = refreshInterval;
    }

    /**
     * The document under {@code key}, fetched if need be.
     *
     * @throws NotFetched when it cannot be had
     */
    V get(String key, Supplier<Fetched<V>> fetch) {
        Entry<V> entry = entries.get(key);
        if (entry != null && entry.usable(clock.instant())) {
            return entry.open();
        }
        return flights.fly(key, () -> {
            Entry<V> meanwhile = entries.get(key);
            return meanwhile != null && meanwhile.usable(clock.instant())
                    ? meanwhile.open()
                    : fetched(key, meanwhile, fetch);
        });
    }

    /** The document may be out of date: the next look-up fetches it, unless that was done less than an interval ago. */
    void doubt(String key) {
        entries.computeIfPresent(key, (same, entry) -> entry.doubtedAt(clock.instant(), refreshInterval));
    }

    private V fetched(String key, @Nullable Entry<V> old, Supplier<Fetched<V>> fetch) {
        Instant lastDoubt = old == null ? null : old.lastDoubt();
        try {
            Fetched<V> fresh = fetch.get();
            entries.put(
                    key, new Entry<>(fresh.document(), null, clock.instant().plus(fresh.lifetime()), false, lastDoubt));
            return fresh.document();
        } catch (NotFetched failed) {
            return withoutFetch(key, old, failed);
        }
    }

    /** A document that is doubted but not expired stays good while its peer is away: doubt alone must not take it down. */
    private V withoutFetch(String key, @Nullable Entry<V> old, NotFetched failed) {
        Instant now = clock.instant();
        if (failed.isUnreachable() && old != null && old.document() != null && now.isBefore(old.until())) {
            entries.put(key, old.believed());
            return old.open();
        }
        if (failed.rememberFor().isZero()) {
            entries.remove(key);
        } else {
            boolean tooLong = failed.rememberFor().compareTo(LONGEST_FAILURE) > 0;
            Instant until = now.plus(tooLong ? LONGEST_FAILURE : failed.rememberFor());
            entries.put(key, new Entry<>(null, failed, until, false, old == null ? null : old.lastDoubt()));
        }
        throw failed;
    }
}
