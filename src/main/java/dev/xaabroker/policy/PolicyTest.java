package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** One of the file's {@code tests}: a question and what the answer must be. */
record PolicyTest(String name, Node at, Given given, Expect expect) {

    /**
     * @param at {@link Policy.Query#TIMELESS} when the test names no time
     * @param sessionAge how long ago the session began; null without a session
     */
    record Given(
            Identity user,
            Client client,
            Server server,
            Optional<Scopes> scopes,
            Instant at,
            @Nullable Duration sessionAge) {

        Policy.Query query() {
            Policy.Query query = new Policy.Query(client, server.resource(), Optional.empty(), scopes, at);
            return sessionAge == null ? query : query.inSession(at.minus(sessionAge));
        }
    }

    /**
     * @param reason a reason code, with or without the rule after the colon; null for any
     * @param connection one that grants it, or the one that the refusal names; null for any
     * @param scopes exactly what is granted; null for any
     * @param ttl exactly; null for any
     */
    record Expect(
            boolean allow,
            @Nullable String reason,
            @Nullable String connection,
            @Nullable Scopes scopes,
            @Nullable Duration ttl) {}
}
