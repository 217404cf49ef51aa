package dev.xaabroker.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One link of a writer's chain: one group commit.
 *
 * @param seq from 0, without gaps
 * @param previous the hash of the link before it
 * @param hash SHA-256 over {@link Canonical}: the text {@code xaa-ledger-link-1}, {@code writer}, {@code seq},
 *     {@code previous}, {@code committedAt}, the number of entries, and every column of each entry in their order
 */
record Link(String writer, long seq, String previous, String hash, int entries, Instant committedAt) {

    /** The link that binds {@code lines} to all before them. */
    static Link of(String writer, long seq, String previous, Instant now, List<Line> lines) {
        Instant committedAt = now.truncatedTo(ChronoUnit.MICROS);
        Canonical bytes = new Canonical()
                .add("xaa-ledger-link-1")
                .add(writer)
                .add(seq)
                .add(previous)
                .add(committedAt)
                .add(lines.size());
        lines.forEach(line -> line.addTo(bytes));
        return new Link(writer, seq, previous, bytes.hash(), lines.size(), committedAt);
    }
}
