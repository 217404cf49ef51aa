package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule that always wins.
 *
 * @param clients client ids, groups resolved; null for every client
 * @param servers server names, groups resolved; null for every server
 * @param scopes what it takes away; null for everything
 * @param owner whom to ask about it; empty when the file does not say
 */
record DenyRule(
        String id,
        Mode mode,
        @Nullable Set<String> clients,
        @Nullable Set<String> servers,
        Users users,
        @Nullable Scopes scopes,
        String owner) {

    boolean isAboutClient(String client) {
        return clients == null || clients.contains(client);
    }

    /** Whether it refuses the whole request: any scope asked for is listed, or it lists none. */
    boolean refuses(Optional<Scopes> asked) {
        return scopes == null || asked.filter(scopes::intersects).isPresent();
    }

    /** What it takes from a request that names no scopes. */
    Scopes takes() {
        return scopes == null ? Scopes.NONE : scopes;
    }
}
