package dev.xaabroker.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signed word of one writer on where chains stood: of all chains in its first checkpoint, and of those that moved
 * since in each later one.
 *
 * @param seq from 0 for each writer, without gaps
 * @param previous the hash of this writer's checkpoint before it
 * @param heads canonical JSON, writers in sorted order: {@code {"WRITER":[SEQ,"HASH"],...}}
 * @param hash SHA-256 of {@link #content()}
 * @param signature Ed25519 (RFC 8032) over {@link #content()}, base64url
 */
record Checkpoint(
        String writer,
        long seq,
        Instant at,
        String previous,
        String heads,
        String hash,
        String keyId,
        String signature) {

    private static final Pattern HEAD = Pattern.compile("\"([A-Za-z0-9_-]+)\":\\[(\\d+),\"([0-9a-f]{64})\"]");

    /** Where one chain stands. */
    record Head(long seq, String hash) {}

    /** What is signed. */
    static Canonical content(String writer, long seq, Instant at, String previous, String heads) {
        return new Canonical()
                .add("xaa-ledger-checkpoint-1")
                .add(writer)
                .add(seq)
                .add(at)
                .add(previous)
                .add(heads);
    }

    Canonical content() {
        return content(writer, seq, at, previous, heads);
    }

    static String write(SortedMap<String, Head> heads) {
        StringBuilder json = new StringBuilder("{");
        heads.forEach((writer, head) -> json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(writer)
                .append("\":[")
                .append(head.seq())
                .append(",\"")
                .append(head.hash())
                .append("\"]"));
        return json.append('}').toString();
    }

    Map<String, Head> readHeads() {
        SortedMap<String, Head> read = new TreeMap<>();
        Matcher matcher = HEAD.matcher(heads);
        while (matcher.find()) {
            read.put(matcher.group(1), new Head(Long.parseLong(matcher.group(2)), matcher.group(3)));
        }
        return read;
    }
}
