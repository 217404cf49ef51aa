package dev.xaabroker.session;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Upstream tokens that have been issued and not yet expired, sealed, so that they can be revoked (RFC 7009); those that are to
 * be form a queue. Refresh tokens of ended sessions stand in it too. Every method throws Refusal(Unavailable "store") when the
 * database does not answer.
 */
public interface OutstandingTokens {

    /**
     * A token as it was issued.
     *
     * @param session absent for a sessionless connect
     * @param issuer of the IdP
     * @param connections that allowed it
     * @param cacheName under which it will lie in the cache
     * @param revokeAt when it is to be revoked if nothing ends it before; absent when it may live out its life
     */
    record Issue(
            String tenant,
            Optional<Session> session,
            String issuer,
            Identity identity,
            String clientId,
            String server,
            List<String> connections,
            String cacheName,
            AccessToken token,
            Optional<Instant> revokeAt) {

        public Issue {
            connections = List.copyOf(connections);
        }
    }

    /** Records a token before it is handed out. When its session ended meanwhile, it stands in the queue at once. */
    void record(Issue issue);

    /** Under which names an access token of a client may lie in the cache. */
    List<String> cached(String tenant, String clientId, String fingerprint);

    /** Puts a token that was recorded and is handed to nobody into the queue. */
    void revoke(String tenant, String fingerprint, String cause);

    /** What is in the queue. */
    enum Kind {
        ACCESS,
        REFRESH
    }

    /**
     * One token whose turn it is.
     *
     * @param server that an access token is for
     * @param issuer of the IdP that a refresh token came from
     * @param attempts how often it was tried before
     * @param due since when it is to be revoked
     */
    record Due(
            String id,
            Kind kind,
            String tenant,
            @Nullable String sessionId,
            User user,
            String clientId,
            @Nullable String server,
            @Nullable String issuer,
            String fingerprint,
            Secret token,
            Instant expires,
            Instant due,
            String cause,
            int attempts) {

        @Override
        public String toString() {
            return "Due[" + id + "]";
        }
    }

    /** Takes at most {@code most} of a tenant whose turn it is; nobody else gets them until the lease ends. */
    List<Due> take(String tenant, int most, Duration lease);

    /** It is revoked, or never will be: it goes. */
    void settle(String id);

    /** It is to be tried again then. */
    void again(String id, Instant at);

    /** How many are due and not yet revoked. */
    long waiting();
}
