package dev.xaabroker.broker;

import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.CacheKey;
import dev.xaabroker.state.CachedToken;
import dev.xaabroker.state.IssuedTokens;
import dev.xaabroker.state.Lifetime;
import dev.xaabroker.state.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The story of a connect request (PRODUCT.md, "The order"). Read {@link #connect} top to bottom to know what happens when.
 *
 * <p>Policy runs before the cache, so taking a rule away bites at once; the ledger is written before the answer leaves; the
 * epochs are compared once more after that.
 */
@ApplicationScoped
public class Broker {

    private static final Duration FENCED = Duration.ofSeconds(1);

    private final ManagedConnections connections;
    private final Underway underway;
    private final Logins logins;
    private final Shut shut;
    private final Exchange exchange;
    private final Flights flights;
    private final Renewals renewals;
    private final FreshBudget freshBudget;
    private final RecentDenials denials;
    private final IssuedTokens tokens;
    private final OutstandingTokens outstanding;
    private final Revocations revocations;
    private final Ledger ledger;
    private final Clock clock;

    Broker(
            ManagedConnections connections,
            Underway underway,
            Logins logins,
            Shut shut,
            Exchange exchange,
            Flights flights,
            Renewals renewals,
            FreshBudget freshBudget,
            RecentDenials denials,
            IssuedTokens tokens,
            OutstandingTokens outstanding,
            Revocations revocations,
            Ledger ledger,
            Clock clock) {
        this.connections = connections;
        this.underway = underway;
        this.logins = logins;
        this.shut = shut;
        this.exchange = exchange;
        this.flights = flights;
        this.renewals = renewals;
        this.freshBudget = freshBudget;
        this.denials = denials;
        this.tokens = tokens;
        this.outstanding = outstanding;
        this.revocations = revocations;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Takes an authenticated client to an MCP server, or refuses. Either way the ledger has the entry when this returns.
     *
     * @throws Refusal with why not; Unavailable "ledger" when the decision could not be written down
     */
    public Connected connect(ConnectRequest request) {
        Journey journey = new Journey(request, clock.instant());
        try {
            return underway.during(seat -> walk(request, journey, seat));
        } catch (Withheld withheld) {
            throw withheld.refusal();
        } catch (Refusal refusal) {
            if (!withoutLedger(refusal.failure())) {
                ledger.append(journey.refused(clock.instant(), refusal.failure()));
            }
            throw refusal;
        }
    }

    /** Whether the database itself is what failed: waiting for it a second time would only delay the answer. */
    private static boolean withoutLedger(Failure failure) {
        return failure instanceof Failure.Unavailable down
                && (down.part().equals("store") || down.part().equals("ledger"));
    }

    private Connected walk(ConnectRequest authenticated, Journey journey, Underway.Seat seat) {
        Policy policy = connections.current();
        journey.under(policy);
        ConnectRequest request = policy.client(authenticated.client().id())
                .map(authenticated::of)
                .orElse(authenticated);
        policy.server(request.resource()).ifPresent(journey::to);
        Policy.Query query = shut.now(
                policy,
                new Policy.Query(
                        request.client(), request.resource(), request.audience(), request.scopes(), journey.began()));
        policy.beforeUser(query).ifPresent(refused -> refuse(watched(refused, policy, query, request), journey));

        IdentityProviderEntry idp = policy.identityProvider(request.client());
        Login login = logins.of(request, policy, idp, known -> seat.takenBy(policy, query, known));
        journey.by(login);

        Policy.Query inSession = login.began().map(query::inSession).orElse(query);
        Decision.Allowed allowed = allowed(policy.decide(inSession, login.identity()), journey);
        journey.allowed(allowed);

        Server server = policy.server(request.resource()).orElseThrow();
        seat.takenBy(policy, inSession, login);
        Trip trip = new Trip(request, policy, inSession, idp, server, login, allowed, journey);
        CachedToken token = obtain(trip);
        return handOut(trip, token);
    }

    /** A connection in audit mode is told of the users whom we know already; nobody is asked out for its sake (RULES G1). */
    private Decision.Refused watched(
            Decision.Refused refused, Policy policy, Policy.Query query, ConnectRequest request) {
        return refused.hasUnprovenTrial()
                ? logins.remembered(request, policy)
                        .map(user -> new Decision.Refused(
                                refused.failure(), policy.decide(query, user).notes()))
                        .orElse(refused)
                : refused;
    }

    private static Refusal refuse(Decision.Refused refused, Journey journey) {
        journey.noted(refused.notes());
        throw refused.failure().refusal();
    }

    private static Decision.Allowed allowed(Decision decision, Journey journey) {
        return switch (decision) {
            case Decision.Allowed allowed -> allowed;
            case Decision.Refused refused -> throw refuse(refused, journey);
        };
    }

    /** From the cache, from a flight under way, or by exchange. */
    private CachedToken obtain(Trip trip) {
        CacheKey key = trip.key();
        boolean fresh = trip.request().fresh() && freshBudget.spend(trip.login().cacheId());
        if (!fresh) {
            Optional<CachedToken> cached = cached(trip, key);
            if (cached.isPresent()) {
                trip.journey().fromCache();
                renewals.used(
                        new Renewals.Found(
                                trip.policy(),
                                trip.idp(),
                                trip.login(),
                                key,
                                cached.get(),
                                trip.journey(),
                                () -> assertStillOn(trip)),
                        (lease, renewal) -> fetch(trip.renewal(renewal), key, lease));
                return cached.get();
            }
            denials.throwIfKnown(trip.policy().revision(), key);
        }
        Exchange.Flown flown = flights.fly(key, fresh, flight(trip, key), trip.journey()::joined);
        flown.legs().ifPresent(trip.journey()::exchanged);
        return flown.token();
    }

    private Flights.Flight flight(Trip trip, CacheKey key) {
        return new Flights.Flight() {
            @Override
            public Optional<Exchange.Flown> look() {
                Optional<CachedToken> found = cached(trip, key);
                found.ifPresent(token -> trip.journey().joined());
                return found.map(token -> new Exchange.Flown(token, Optional.empty()));
            }

            @Override
            public Exchange.Flown exchange(State.Lease lease) throws Flights.LeaseLost {
                return fetch(trip, key, lease);
            }
        };
    }

    private Optional<CachedToken> cached(Trip trip, CacheKey key) {
        return tokens.find(key, clock.instant())
                .filter(found -> found.epoch() == trip.login().epoch());
    }

    private Exchange.Flown fetch(Trip trip, CacheKey key, State.Lease lease) throws Flights.LeaseLost {
        trip.journey().missed();
        Exchange.Order order = new Exchange.Order(
                trip.login(),
                trip.request().client(),
                trip.idp(),
                trip.server(),
                trip.allowed().scopes(),
                trip.since(),
                () -> assertStillOn(trip));
        try {
            Exchange.Obtained obtained = exchange.exchange(order);
            CachedToken token = keep(trip, key, obtained, lease);
            return new Exchange.Flown(token, Optional.of(obtained.legs()));
        } catch (Refusal refusal) {
            if (refusal.failure() instanceof Failure.PeerDenied denied) {
                denials.remember(trip.policy().revision(), key, denied);
            }
            throw refusal;
        }
    }

    /** The epochs and what is shut, compared: before each leg, and once more at the very end. */
    private void assertStillOn(Trip trip) {
        logins.assertStillLive(trip.policy(), trip.login());
        shut.assertStillOpen(trip);
    }

    /** Records the token so that it can be revoked, bounds its life, and caches it. */
    private CachedToken keep(Trip trip, CacheKey key, Exchange.Obtained obtained, State.Lease lease)
            throws Flights.LeaseLost {
        Instant end = Lifetime.end(obtained.token(), trip.allowed().ttl(), bound(trip.login()));
        outstanding.record(trip.issue(obtained.token(), tokens.name(key), end));
        CachedToken token = new CachedToken(
                trip.login().identity().user(),
                trip.request().client().id(),
                trip.server().resource(),
                trip.login().epoch(),
                obtained.token(),
                end);
        if (!tokens.store(key, token, clock.instant(), lease)) {
            withhold(
                    trip,
                    token,
                    new Failure.Unavailable("broker", FENCED, "the flight lost its lease before it could store"));
            throw new Flights.LeaseLost();
        }
        return token;
    }

    /** When the login behind a token is over at the latest. */
    private static Instant bound(Login login) {
        return switch (login) {
            case Login.InSession in -> in.session().expires();
            case Login.Sessionless alone -> alone.usableUntil();
        };
    }

    private Connected handOut(Trip trip, CachedToken token) {
        String fingerprint = Fingerprint.sha256(token.token().value().reveal());
        Duration left = Duration.between(clock.instant(), token.end());
        if (left.toSeconds() < 1) {
            throw Failure.Denied.of(Reason.SESSION_ENDED, "This login is about to end; log in again.")
                    .refusal();
        }
        ledger.append(trip.journey().granted(clock.instant(), token.token().scopes(), fingerprint));
        try {
            assertStillOn(trip);
        } catch (Refusal ended) {
            withhold(trip, token, ended.failure());
            tokens.remove(trip.key());
            throw new Withheld(ended);
        }
        return new Connected(
                token.token().value(), token.token().type(), token.token().scopes(), left, handle(trip.login()));
    }

    /** Nobody gets this token: it is to be revoked, it leaves the cache, and the ledger says why. */
    private void withhold(Trip trip, CachedToken token, Failure why) {
        String fingerprint = Fingerprint.sha256(token.token().value().reveal());
        outstanding.revoke(trip.policy().tenant(), fingerprint, "withheld: " + why.reason());
        revocations.wake();
        ledger.append(trip.journey().withheld(clock.instant(), fingerprint, why));
    }

    private static Optional<Secret> handle(Login login) {
        return login instanceof Login.InSession in ? in.handle() : Optional.empty();
    }
}
