package dev.xaabroker.session;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.User;
import java.util.Optional;

/** Upstream tokens that have been issued and not yet expired, sealed, so that they can be revoked (RFC 7009). */
public interface OutstandingTokens {

    /**
     * Records a token before it is handed out.
     *
     * @param sessionId the session, absent for a sessionless connect
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when it could not be stored
     */
    void record(
            String tenant, Optional<String> sessionId, User user, String clientId, String server, AccessToken token);
}
