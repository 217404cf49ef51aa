package dev.xaabroker.grant;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A set of OAuth scope values, kept sorted (RFC 6749 s3.3). The empty set is a value of its own: no scope at all. */
public record Scopes(NavigableSet<String> values) {

    /** No scope. */
    public static final Scopes NONE = new Scopes(new TreeSet<>());

    private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    public Scopes {
        values = java.util.Collections.unmodifiableNavigableSet(new TreeSet<>(values));
        for (String value : values) {
            if (!SCOPE_TOKEN.matcher(value).matches()) {
                throw new IllegalArgumentException("not a scope value (RFC 6749 s3.3)");
            }
        }
    }

    public static Scopes of(Collection<String> values) {
        return new Scopes(new TreeSet<>(values));
    }

    public static Scopes of(String... values) {
        return of(java.util.List.of(values));
    }

    /**
     * Reads a space-delimited {@code scope} parameter or member (RFC 6749 s3.3).
     *
     * @throws IllegalArgumentException when a value holds a character that the grammar does not allow
     */
    public static Scopes parse(String spaceDelimited) {
        TreeSet<String> values = new TreeSet<>();
        for (String value : spaceDelimited.split(" ", -1)) {
            if (!value.isEmpty()) {
                values.add(value);
            }
        }
        return new Scopes(values);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean containsAll(Scopes other) {
        return values.containsAll(other.values);
    }

    public boolean intersects(Scopes other) {
        return values.stream().anyMatch(other.values::contains);
    }

    public Scopes union(Scopes other) {
        TreeSet<String> all = new TreeSet<>(values);
        all.addAll(other.values);
        return new Scopes(all);
    }

    public Scopes minus(Scopes other) {
        TreeSet<String> rest = new TreeSet<>(values);
        rest.removeAll(other.values);
        return new Scopes(rest);
    }

    /** The wire form: values in sorted order, one space between them. */
    @Override
    public String toString() {
        return String.join(" ", values);
    }
}
