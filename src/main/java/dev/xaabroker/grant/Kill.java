package dev.xaabroker.grant;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that security has shut.
 *
 * @param name the pseudonym of a user, the id of a client or connection, the name of a server
 * @param by who did it, as the log of the admin face names them
 * @param until when it opens by itself; null for not before somebody opens it
 */
public record Kill(
        String tenant,
        Kind kind,
        String name,
        String reason,
        String by,
        Instant at,
        @Nullable Instant until) {

    /** What can be shut. */
    public enum Kind {
        USER,
        CLIENT,
        SERVER,
        CONNECTION;

        /** As it is written: {@code user}, {@code client}, {@code server}, {@code connection}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
