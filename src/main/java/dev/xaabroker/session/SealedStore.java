package dev.xaabroker.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored sealed, seen from the keys. Every method throws Refusal(Unavailable "store") when the database
 * does not answer.
 */
public interface SealedStore {

    /**
     * Counts records by key; a record counts for every key that one of its values is sealed under.
     *
     * @param current the key that all should be under
     * @param known further keys to count for
     */
    Census census(String current, List<String> known);

    /**
     * Seals the next records in key order anew, those that are not under the current key. What a request changes meanwhile is
     * left to it; what does not open stays as it is.
     *
     * @param after {@link Batch#next()} of the batch before; absent to begin
     * @param most how many records to look at
     */
    Batch rewrap(Optional<String> after, int most);

    /**
     * How the records stand.
     *
     * @param records how many there are with something sealed in them
     * @param byKey how many need which key
     * @param elsewhere how many need a key that was not asked for
     * @param stale how many are to be sealed anew
     */
    record Census(long records, Map<String, Long> byKey, long elsewhere, long stale) {}

    /**
     * What became of a batch.
     *
     * @param rewrapped records that are under the current key now
     * @param passedOver records that a request held or changed
     * @param broken values that do not open
     * @param next where to go on; absent at the end
     */
    record Batch(int rewrapped, int passedOver, List<Broken> broken, Optional<String> next) {}

    /**
     * A value that does not open: it was altered, moved, or its key is gone.
     *
     * @param kind of the record: {@code session} or {@code outstanding-token}
     * @param id of the record
     * @param session the session that it belongs to
     */
    record Broken(String kind, String id, @Nullable String session, String column) {}
}
