package dev.xaabroker.admin;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Query parameters, each with a {@link Problem} of its own when it is wrong. */
final class Parameters {

    /** The most that one answer lists. */
    static final int MOST = 1000;

    private static final int USUAL = 100;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9999;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    private Parameters() {}

    static int limit(@Nullable String value) {
        if (value == null) {
            return USUAL;
        }
        int limit = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : 0;
        if (limit < 1 || limit > MOST) {
            throw Problem.field("limit", "must be a number from 1 to " + MOST).stop();
        }
        return limit;
    }

    /** {@code true} or {@code false}; the latter when absent. */
    static boolean flag(String name, @Nullable String value) {
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw Problem.field(name, "must be true or false").stop();
        }
        return "true".equals(value);
    }

    /** A time with its offset (ISO 8601): {@code 2026-11-21T09:30:00Z}. */
    static Optional<Instant> time(String name, @Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(value);
            if (time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR) {
                throw Problem.field(name, "lies beyond what the ledger can hold")
                        .stop();
            }
            return Optional.of(time.toInstant());
        } catch (DateTimeException malformed) {
            throw Problem.field(name, "must be a time with its offset, as 2026-11-21T09:30:00Z")
                    .stop();
        }
    }
}
