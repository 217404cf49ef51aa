package dev.xaabroker.broker;

import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyWatch;
import dev.xaabroker.session.SealedStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys and what is sealed under them, for faces that look after both. All methods throw Refusal(Unavailable "store"). */
@ApplicationScoped
public class Vault {

    private final KeyRing ring;
    private final KeyWatch watch;
    private final SealedStore store;

    Vault(KeyRing ring, KeyWatch watch, SealedStore store) {
        this.ring = ring;
        this.watch = watch;
        this.store = store;
    }

    /**
     * How keys and records stand.
     *
     * @param current the key that records are sealed under now
     * @param records how many there are
     * @param stale how many are not under it, or in an older form
     * @param elsewhere how many need a key that this broker does not hold
     * @param problem why the key file as it is now is not in force
     */
    public record Status(
            String current, List<Key> keys, long records, long stale, long elsewhere, Optional<String> problem) {}

    /**
     * A key of the ring.
     *
     * @param records how many need it
     * @param removable whether it may leave the key file: it is not current, and no record needs it
     */
    public record Key(String id, long records, boolean removable) {}

    /**
     * What became of some records.
     *
     * @param current the key that they were to be sealed under
     * @param passedOver how many a request held or changed meanwhile
     * @param next where to go on; absent at the end
     */
    public record Batch(String current, int rewrapped, int passedOver, List<Broken> broken, Optional<String> next) {}

    /** A value that does not open. */
    public record Broken(String kind, String id, @Nullable String session, String column) {}

    /** Counts; this reads what every record begins with. */
    public Status status() {
        watch.look();
        String current = ring.current();
        SealedStore.Census census = store.census(current, List.copyOf(new TreeSet<>(ring.keyIds())));
        List<Key> keys = new ArrayList<>();
        census.byKey().forEach((id, records) -> keys.add(new Key(id, records, records == 0 && !id.equals(current))));
        return new Status(current, keys, census.records(), census.stale(), census.elsewhere(), ring.problem());
    }

    /**
     * Seals the next records anew under the current key; the key file is read first. May run beside requests, and beside
     * itself.
     *
     * @param after {@link Batch#next()} of the batch before; absent to begin
     * @param most how many records to look at
     * @throws IllegalArgumentException when {@code after} is nothing that a batch gave
     */
    public Batch rotate(Optional<String> after, int most) {
        if (after.isEmpty()) {
            watch.look();
        }
        SealedStore.Batch batch = store.rewrap(after, most);
        List<Broken> broken = batch.broken().stream()
                .map(one -> new Broken(one.kind(), one.id(), one.session(), one.column()))
                .toList();
        return new Batch(ring.current(), batch.rewrapped(), batch.passedOver(), broken, batch.next());
    }
}
