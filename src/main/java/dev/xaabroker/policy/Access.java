package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.time.Duration;
import java.util.List;

/**
 * What a request that names no scope comes to: by POLICY.md that is everything the user may have there.
 *
 * @param scopes what is granted; none when refused
 * @param ttl how long a token may live; zero when refused
 * @param connections which connections grant it, sorted
 * @param reason {@code allowed}, or the code that refuses, {@code denied-by-rule:<id>}
 */
public record Access(boolean allowed, Scopes scopes, Duration ttl, List<String> connections, String reason) {

    public Access {
        connections = List.copyOf(connections);
    }

    static Access of(Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed ->
                new Access(true, allowed.scopes(), allowed.ttl(), allowed.connections(), "allowed");
            case Decision.Refused refused ->
                new Access(
                        false,
                        Scopes.NONE,
                        Duration.ZERO,
                        List.of(),
                        refused.failure().reason());
        };
    }

    /** Whether a user sees no difference, whichever rules it comes from. */
    boolean isLike(Access other) {
        return allowed == other.allowed && scopes.equals(other.scopes) && ttl.equals(other.ttl);
    }
}
