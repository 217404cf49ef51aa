package dev.xaabroker.broker;

import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.ResourceAuthorizationServer;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.SubjectStrategy;
import dev.xaabroker.session.Session;
import dev.xaabroker.session.SessionStore;
import dev.xaabroker.state.CachedToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Both legs: subject token to ID-JAG at the IdP, ID-JAG to access token at the RAS, with a fresh ID-JAG per attempt. */
@ApplicationScoped
class Exchange {

    private static final int ATTEMPTS = 2;

    private final IdentityProvider identityProvider;
    private final ResourceAuthorizationServer authorizationServer;
    private final SessionStore sessions;
    private final MassLogoutBreaker breaker;
    private final Clock clock;

    Exchange(
            IdentityProvider identityProvider,
            ResourceAuthorizationServer authorizationServer,
            SessionStore sessions,
            MassLogoutBreaker breaker,
            Clock clock) {
        this.identityProvider = identityProvider;
        this.authorizationServer = authorizationServer;
        this.sessions = sessions;
        this.breaker = breaker;
        this.clock = clock;
    }

    /**
     * What to exchange, for whom, at which two peers.
     *
     * @param since how young the proof must be whose token is the subject
     * @param stillOn refuses when what the exchange is for ended meanwhile; asked before each leg
     */
    record Order(
            Login login,
            Client client,
            IdentityProviderEntry idp,
            Server server,
            Scopes scopes,
            Instant since,
            Runnable stillOn) {}

    /** A token as the RAS gave it, and what the legs left for the ledger. */
    record Obtained(AccessToken token, Journey.Exchanged legs) {}

    /**
     * A token that a flight ended with, whether it found it in the cache or exchanged for it.
     *
     * @param legs absent when the cache had it after all
     */
    record Flown(CachedToken token, Optional<Journey.Exchanged> legs) {}

    /**
     * Runs both legs.
     *
     * @throws Refusal PeerDenied, StepUp, PeerFault, LongToken, Unavailable, or Denied when the session proves dead
     */
    Obtained exchange(Order order) {
        Failure last = new Failure.PeerFault(Failure.Hop.RAS, order.server().name(), "no attempt was made");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            authorizationServer.confirm(order.server());
            Instant start = clock.instant();
            order.stillOn().run();
            IdJag idJag = idJag(order);
            Instant between = clock.instant();
            order.stillOn().run();
            switch (authorizationServer.redeem(order.server(), order.client(), idJag, order.scopes())) {
                case ResourceAuthorizationServer.Redemption.Redeemed redeemed -> {
                    Duration leg1 = Duration.between(start, between);
                    Duration leg2 = Duration.between(between, clock.instant());
                    return new Obtained(redeemed.token(), Journey.Exchanged.of(leg1, leg2, idJag));
                }
                case ResourceAuthorizationServer.Redemption.TryAgain again -> last = again.otherwise();
            }
        }
        throw last.refusal();
    }

    private IdJag idJag(Order order) {
        return switch (leg1(order, order.since())) {
            case IdentityProvider.Leg1.Issued issued -> issued.idJag();
            case IdentityProvider.Leg1.SubjectRefused refused -> afterRefresh(order, refused);
        };
    }

    /** The IdP refused the subject token: refresh once, which tells a dead session from a policy, and try once more. */
    private IdJag afterRefresh(Order order, IdentityProvider.Leg1.SubjectRefused refused) {
        if (order.login() instanceof Login.Sessionless) {
            throw Failure.Denied.of(
                            Reason.SESSION_ENDED, "The identity provider no longer accepts this login; log in again.")
                    .refusal();
        }
        Instant now = clock.instant();
        if (order.idp().strategy() == SubjectStrategy.RT_DIRECT && order.login() instanceof Login.InSession in) {
            prove(order, in.session(), now);
        }
        return switch (leg1(order, now)) {
            case IdentityProvider.Leg1.Issued issued -> issued.idJag();
            case IdentityProvider.Leg1.SubjectRefused again ->
                throw new Failure.PeerDenied(Failure.Hop.IDP, order.idp().name(), "invalid_grant", refused.detail())
                        .refusal();
        };
    }

    /**
     * One leg 1.
     *
     * @param since how young the proof must be whose token is the subject
     */
    private IdentityProvider.Leg1 leg1(Order order, Instant since) {
        return switch (order.login()) {
            case Login.Sessionless login -> send(order, login.idToken(), true);
            case Login.InSession in ->
                order.idp().strategy() == SubjectStrategy.RT_DIRECT
                        ? sessions.withRefreshToken(in.session(), token -> send(order, token, false))
                        : send(order, subjectOf(order, in, since), false);
        };
    }

    private Secret subjectOf(Order order, Login.InSession in, Instant since) {
        Proof proof = in.proof()
                .filter(held -> !held.at().isBefore(since))
                .orElseGet(() -> proveAfresh(order, in.session(), since).orElseThrow(() -> new Failure.Unavailable(
                                "broker", Duration.ofSeconds(1), "the refresh of another request left no proof at hand")
                        .refusal()));
        return order.idp().strategy() == SubjectStrategy.RT_TO_ID_TOKEN
                ? present(order, proof.idToken(), "id_token: the client's registration there needs the openid scope")
                : present(order, proof.accessToken(), "access_token");
    }

    private static Secret present(Order order, @Nullable Secret token, String name) {
        if (token == null) {
            throw new Failure.PeerFault(
                            Failure.Hop.IDP,
                            order.idp().name(),
                            "there is nothing to exchange, its refresh answer has no " + name)
                    .refusal();
        }
        return token;
    }

    private Optional<Proof> proveAfresh(Order order, Session session, Instant since) {
        return sessions.proveAfresh(session, since, refreshAt(order)).proof();
    }

    private Optional<Proof> prove(Order order, Session session, Instant since) {
        return sessions.prove(session, since, refreshAt(order)).proof();
    }

    private RefreshGrant refreshAt(Order order) {
        return new Refreshing(
                order.idp(),
                (token, known) -> breaker.guard(
                        order.idp().name(), () -> identityProvider.refresh(order.idp(), order.client(), token, known)));
    }

    private IdentityProvider.Leg1 send(Order order, Secret subjectToken, boolean sessionless) {
        return identityProvider.idJag(
                order.idp(),
                order.client(),
                order.server(),
                order.scopes(),
                subjectToken,
                sessionless,
                order.login().identity().user());
    }
}
