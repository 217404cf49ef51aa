package dev.xaabroker.broker;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.Server;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.CacheKey;
import dev.xaabroker.state.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Everything that the second half of the story needs to know. */
record Trip(
        ConnectRequest request,
        Policy policy,
        Policy.Query query,
        IdentityProviderEntry idp,
        Server server,
        Login login,
        Decision.Allowed allowed,
        Journey journey) {

    /** How old a proof may be to serve several exchanges of one session: far below the shortest {@code recheck}. */
    private static final Duration SHARED = Duration.ofSeconds(5);

    /** The same trip, made in the background for the next connect like this one. */
    Trip renewal(Journey renewal) {
        return new Trip(request, policy, query, idp, server, login, allowed, renewal);
    }

    /** A proof that a request beside this one just obtained will do, unless this one wants everything fresh. */
    Instant since() {
        return request.fresh() ? journey.began() : journey.began().minus(SHARED);
    }

    /**
     * What is written down of a token that this trip obtained.
     *
     * @param end when it is handed out for the last time
     */
    OutstandingTokens.Issue issue(AccessToken token, String cacheName, Instant end) {
        boolean tooLong = token.upstreamLifetime().compareTo(Lifetime.MOST) > 0;
        return new OutstandingTokens.Issue(
                policy.tenant(),
                login instanceof Login.InSession in ? Optional.of(in.session()) : Optional.empty(),
                idp.issuer(),
                login.identity(),
                request.client().id(),
                server.name(),
                allowed.connections(),
                cacheName,
                token,
                server.longTokens() == LongTokens.REVOKE && tooLong ? Optional.of(end) : Optional.empty());
    }

    CacheKey key() {
        return new CacheKey(
                policy.tenant(),
                idp.issuer(),
                login.cacheId(),
                login.identity().user(),
                request.client().id(),
                server.resource(),
                server.audience(),
                allowed.scopes(),
                allowed.fingerprint(),
                "");
    }
}
