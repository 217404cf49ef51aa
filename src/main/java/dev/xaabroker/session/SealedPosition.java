package dev.xaabroker.session;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a rotation has come: table by table, each in key order.
 *
 * @param id of the last record that was looked at; empty before the first
 */
record SealedPosition(SealedTable table, String id) {

    static final SealedPosition FIRST = new SealedPosition(SealedTable.SESSION, "");

    private static final Pattern FORM = Pattern.compile("([a-z-]{1,30})\\.([A-Za-z0-9_-]{0,43})");

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static SealedPosition parse(String text) {
        Matcher parts = FORM.matcher(text);
        Optional<SealedTable> table = parts.matches() ? SealedTable.ofKind(parts.group(1)) : Optional.empty();
        return new SealedPosition(
                table.orElseThrow(() -> new IllegalArgumentException("not a position")), parts.group(2));
    }

    Optional<SealedPosition> nextTable() {
        return table.next().map(next -> new SealedPosition(next, ""));
    }

    @Override
    public String toString() {
        return table.kind + "." + id;
    }
}
