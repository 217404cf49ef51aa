package dev.xaabroker.broker;

import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.ResourceAuthorizationServer;
import dev.xaabroker.exchange.Revoked;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Server;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.session.OutstandingTokens.Due;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Revokes at its RAS, or at the IdP, what was ended here (RFC 7009): from a durable queue, again until it is done or the token
 * is over by itself, with the outcome in the ledger. Every replica works at it; each token is in one hand at a time.
 */
@ApplicationScoped
public class Revocations {

    /** How the ledger calls the outcomes. */
    public static final String REVOKED = "revoked";

    public static final String NOT_REVOKED = "not-revoked";

    private static final Logger LOG = Logger.getLogger(Revocations.class);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private final ManagedConnections connections;
    private final OutstandingTokens outstanding;
    private final ResourceAuthorizationServer authorizationServer;
    private final IdentityProvider identityProvider;
    private final Ledger ledger;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Semaphore work = new Semaphore(0);
    /** Until when a peer is left alone that kept us waiting: its tokens must not hold up those of all others. */
    private final ConcurrentMap<String, Instant> silent = new ConcurrentHashMap<>();

    Revocations(
            ManagedConnections connections,
            OutstandingTokens outstanding,
            ResourceAuthorizationServer authorizationServer,
            IdentityProvider identityProvider,
            Ledger ledger,
            MeterRegistry meters,
            Clock clock) {
        this.connections = connections;
        this.outstanding = outstanding;
        this.authorizationServer = authorizationServer;
        this.identityProvider = identityProvider;
        this.ledger = ledger;
        this.meters = meters;
        this.clock = clock;
    }

    /** There is something in the queue. */
    void wake() {
        work.release();
    }

    /** Waits until this process has put something into the queue, at most {@code most}. */
    public void await(Duration most) throws InterruptedException {
        if (work.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
            work.drainPermits();
        }
    }

    /**
     * One attempt at each of the next {@code most}, beside each other.
     *
     * @return how many it tried; fewer than {@code most} when no more are due
     * @throws Refusal Unavailable when the database or the policy is; nothing was tried then
     */
    public int attempt(int most) {
        Policy policy = connections.current();
        List<Due> due = outstanding.take(policy.tenant(), most, LEASE);
        if (due.isEmpty()) {
            return 0;
        }
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(token -> each.execute(() -> attempt(policy, token)));
        }
        return due.size();
    }

    private void attempt(Policy policy, Due due) {
        try {
            settle(policy, due, unlessSilent(policy, due));
        } catch (Refusal down) {
            LOG.debugf(
                    "A revocation is tried again id=%s reason=%s",
                    due.id(), down.failure().reason());
        } catch (RuntimeException broken) {
            LOG.errorf(broken, "A revocation broke, and is tried again id=%s", due.id());
        }
    }

    private Revoked unlessSilent(Policy policy, Due due) {
        String peer = due.kind() + " " + (due.kind() == OutstandingTokens.Kind.ACCESS ? due.server() : due.issuer());
        Instant began = clock.instant();
        Instant until = silent.get(peer);
        if (until != null && began.isBefore(until)) {
            return new Revoked.Later(Duration.between(began, until), "it did not answer a moment ago");
        }
        Revoked outcome = revoke(policy, due);
        Instant now = clock.instant();
        if (outcome instanceof Revoked.Later && now.isAfter(began.plus(SLOW))) {
            silent.put(peer, now.plus(LEFT_ALONE));
        } else {
            silent.remove(peer);
        }
        return outcome;
    }

    private Revoked revoke(Policy policy, Due due) {
        Optional<Client> client = policy.client(due.clientId());
        return switch (due.kind()) {
            case ACCESS -> {
                Optional<Server> server = policy.servers().stream()
                        .filter(entry -> entry.name().equals(due.server()))
                        .findFirst();
                yield server.map(entry -> authorizationServer.revoke(entry, client, due.token()))
                        .orElseGet(() -> new Revoked.Later(LONGEST_PAUSE, "the policy has no such server any more"));
            }
            case REFRESH -> {
                Optional<IdentityProviderEntry> idp = client.map(policy::identityProvider)
                        .filter(entry -> entry.issuer().equals(due.issuer()));
                yield idp.map(entry -> identityProvider.revoke(entry, client.orElseThrow(), due.token()))
                        .orElseGet(() -> new Revoked.Later(
                                LONGEST_PAUSE, "the policy has no such client of that identity provider any more"));
            }
        };
    }

    private void settle(Policy policy, Due due, Revoked outcome) {
        switch (outcome) {
            case Revoked.Done done -> close(policy, due, REVOKED, "");
            case Revoked.Never never -> close(policy, due, NOT_REVOKED, never.why());
            case Revoked.Later later -> {
                Instant at = clock.instant().plus(pause(due.attempts(), later.after()));
                if (at.isBefore(due.expires())) {
                    LOG.debugf("A revocation is tried again id=%s why=%s", due.id(), later.why());
                    outstanding.again(due.id(), at);
                } else {
                    close(policy, due, NOT_REVOKED, "it is over by itself: " + later.why());
                }
            }
        }
    }

    /** Twice as long each time, from a second on. */
    private static Duration pause(int attempts, Duration asked) {
        Duration ours = Duration.ofSeconds(1L << Math.min(attempts, 6));
        Duration longer = ours.compareTo(asked) > 0 || attempts == 0 ? ours : asked;
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    /** The ledger first: a crash in between leads to one more attempt, and never to an outcome that nobody knows. */
    private void close(Policy policy, Due due, String decision, String why) {
        boolean access = due.kind() == OutstandingTokens.Kind.ACCESS;
        ledger.append(Happening.of(decision, due.cause())
                .user(due.user())
                .client(due.clientId())
                .server(due.server())
                .session(due.sessionId())
                .revision(policy.revision())
                .token(due.fingerprint())
                .detail((access ? "access_token" : "refresh_token") + " attempts=" + (due.attempts() + 1)
                        + (why.isEmpty() ? "" : " " + why))
                .entry(clock.instant(), due.id(), due.tenant()));
        outstanding.settle(due.id());
        meters.counter("xaa.broker.revocations", "outcome", decision).increment();
    }
}
