package dev.xaabroker.broker;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.session.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;

/** What the IdP last said about the users of sessions, for faces that judge past requests under another policy. */
@ApplicationScoped
public class LastKnown {

    private final SessionStore sessions;

    LastKnown(SessionStore sessions) {
        this.sessions = sessions;
    }

    /**
     * The identities of those sessions that still live; it may be newer than the one a past request was judged by.
     *
     * @return by session id; a session that is over, or never was, is missing: its claims were deleted with it
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when the database does not answer
     */
    public Map<String, Identity> identities(String tenant, Set<String> sessionIds) {
        return sessionIds.isEmpty() ? Map.of() : sessions.lastKnown(tenant, sessionIds);
    }
}
