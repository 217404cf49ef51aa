package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Scopes;
import java.time.Duration;
import java.util.List;

/** What the managed-connections file says about one request. */
public sealed interface Decision {

    /** {@code would-deny:<id>} and {@code would-allow:<id>} of rules in audit mode. */
    List<String> notes();

    /**
     * It may go on.
     *
     * @param connections ids of the connections that grant it, sorted
     * @param scopes what is granted: what was asked for, or what the connections give
     * @param ttl the shortest ceiling of those connections
     * @param fingerprint SHA-256 over connections, scopes, ttl and the server's entry: changes when a cached token must
     *     not be served any more, and not with every edit
     * @param notes {@code would-deny:<id>} and {@code would-allow:<id>} of rules in audit mode
     */
    record Allowed(List<String> connections, Scopes scopes, Duration ttl, String fingerprint, List<String> notes)
            implements Decision {

        public Allowed {
            connections = List.copyOf(connections);
            notes = List.copyOf(notes);
        }
    }

    /** It may not. {@code failure} is a {@link Failure.Denied} or a {@link Failure.StepUp}. */
    record Refused(Failure failure, List<String> notes) implements Decision {

        /** What a note begins with that names a connection in audit mode which might have allowed it, had the user been known. */
        static final String UNPROVEN = "would-allow-unproven:";

        /** Whether a known user would tell more about connections in audit mode. */
        public boolean hasUnprovenTrial() {
            return notes.stream().anyMatch(note -> note.startsWith(UNPROVEN));
        }

        public Refused {
            notes = List.copyOf(notes);
        }
    }
}
