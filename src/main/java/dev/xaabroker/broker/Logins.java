package dev.xaabroker.broker;

import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.Pace;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SubjectToken;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.Session;
import dev.xaabroker.session.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds out who a connect is for, from what the client presented, and whether that login still stands. */
@ApplicationScoped
class Logins {

    /** How old an ID token may be that a client presents (RULES A8). */
    private static final Duration OLDEST_ID_TOKEN = Duration.ofMinutes(5);

    private final SessionStore sessions;
    private final IdentityProvider identityProvider;
    private final Pace pace;
    private final MassLogoutBreaker breaker;
    private final Degraded degraded;
    private final KeyedHash hash;
    private final Clock clock;

    Logins(
            SessionStore sessions,
            IdentityProvider identityProvider,
            Pace pace,
            MassLogoutBreaker breaker,
            Degraded degraded,
            KeyedHash hash,
            Clock clock) {
        this.sessions = sessions;
        this.identityProvider = identityProvider;
        this.pace = pace;
        this.breaker = breaker;
        this.degraded = degraded;
        this.hash = hash;
        this.clock = clock;
    }

    /**
     * The login that stands behind the request, proven at the IdP no longer than {@code recheck} ago.
     *
     * @param known told who it is as soon as that is known, which may be before it is proven
     * @throws Refusal Denied(SESSION_UNKNOWN, SESSION_ENDED), or what the IdP's refusal to refresh means
     */
    Login of(ConnectRequest request, Policy policy, IdentityProviderEntry idp, Consumer<Login> known) {
        return switch (request.subject()) {
            case SubjectToken.IdToken idToken -> sessionless(policy, idp, request.client(), idToken.token());
            case SubjectToken.IdpRefreshToken token ->
                rechecked(policy, adopt(policy, idp, request.client(), token.token()), idp, request.client());
            case SubjectToken.Handle handle -> {
                Login.InSession login = new Login.InSession(
                        sessions.byHandle(policy.tenant(), request.client(), handle.handle()),
                        Optional.empty(),
                        Optional.empty());
                known.accept(login);
                yield rechecked(policy, login, idp, request.client());
            }
        };
    }

    /** What is known of the user of a handle without asking anybody; absent for whoever comes without one. */
    Optional<Identity> remembered(ConnectRequest request, Policy policy) {
        if (!(request.subject() instanceof SubjectToken.Handle handle)) {
            return Optional.empty();
        }
        try {
            return Optional.of(sessions.byHandle(policy.tenant(), request.client(), handle.handle())
                    .identity());
        } catch (Refusal unknown) {
            return Optional.empty();
        }
    }

    /** Compares epochs once more: nothing is handed out to a login that ended while the request was under way. */
    void assertStillLive(Policy policy, Login login) {
        switch (login) {
            case Login.InSession in -> sessions.assertStillLive(in.session());
            case Login.Sessionless alone -> assertNotEnded(policy, alone.identity());
        }
    }

    private Login.InSession adopt(Policy policy, IdentityProviderEntry idp, Client client, Secret presented) {
        RefreshGrant refresh = new Refreshing(idp, (token, known) -> {
            throwIfTight(idp);
            return breaker.adopting(idp.name(), () -> identityProvider.refresh(idp, client, token, known));
        });
        SessionStore.Adopted adopted =
                sessions.adopt(policy.tenant(), client, idp.issuer(), presented, policy.maxSessionAge(), refresh);
        return new Login.InSession(adopted.session(), Optional.of(adopted.handle()), adopted.proof());
    }

    /** Half of an IdP's budget is for sessions that live: new ones wait, or one client's guesses would cost all the others. */
    private void throwIfTight(IdentityProviderEntry idp) {
        if (pace.isTight(idp.peer())) {
            throw new Failure.NotSent(new Failure.Unavailable(
                            Failure.Hop.IDP.code(),
                            pace.comeBack(idp.peer()),
                            idp.name() + " is busy: no adoption now, nothing was sent to it"))
                    .refusal();
        }
    }

    private Login.InSession rechecked(Policy policy, Login.InSession login, IdentityProviderEntry idp, Client client) {
        if (!login.session().identityProvider().equals(idp.issuer())) {
            throw Failure.Denied.of(
                            Reason.SESSION_UNKNOWN, "This session belongs to another identity provider; log in again.")
                    .refusal();
        }
        Instant now = clock.instant();
        Session session = login.session().within(policy.maxSessionAge());
        if (!session.expires().isAfter(now)) {
            sessions.end(session, "expired");
            throw Failure.Denied.of(Reason.SESSION_ENDED, "This login has reached its maximum age; log in again.")
                    .refusal();
        }
        Instant since = now.minus(degraded.recheck(idp));
        if (session.isProven(since, now)) {
            return login.proved(session, Optional.empty());
        }
        SessionStore.Proved proved = sessions.prove(session, since, refreshAt(idp, client));
        return login.proved(proved.session().within(policy.maxSessionAge()), proved.proof());
    }

    private Login.Sessionless sessionless(Policy policy, IdentityProviderEntry idp, Client client, Secret idToken) {
        Identity identity = identityProvider.identify(idp, client, idToken);
        assertNotEnded(policy, identity);
        String cacheId = "id_token:" + hash.of("sessionless", policy.tenant(), client.id(), idToken.reveal());
        return new Login.Sessionless(identity, idToken, cacheId, clock.instant().plus(degraded.recheck(idp)));
    }

    private void assertNotEnded(Policy policy, Identity identity) {
        if (sessions.isEndedLogin(policy.tenant(), identity, clock.instant().minus(OLDEST_ID_TOKEN))) {
            throw Failure.Denied.of(Reason.SESSION_ENDED, "This login has ended; log in again.")
                    .refusal();
        }
    }

    private RefreshGrant refreshAt(IdentityProviderEntry idp, Client client) {
        return new Refreshing(
                idp,
                (token, known) -> breaker.guard(idp.name(), () -> identityProvider.refresh(idp, client, token, known)));
    }
}
