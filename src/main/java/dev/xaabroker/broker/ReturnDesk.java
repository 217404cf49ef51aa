package dev.xaabroker.broker;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.Ends;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.state.IssuedTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/** Takes tokens back from the clients that hold them (RFC 7009). */
@ApplicationScoped
public class ReturnDesk {

    private final ManagedConnections connections;
    private final OutstandingTokens outstanding;
    private final IssuedTokens tokens;
    private final Ends ends;
    private final Ending ending;
    private final Ledger ledger;
    private final Clock clock;

    ReturnDesk(
            ManagedConnections connections,
            OutstandingTokens outstanding,
            IssuedTokens tokens,
            Ends ends,
            Ending ending,
            Ledger ledger,
            Clock clock) {
        this.connections = connections;
        this.outstanding = outstanding;
        this.tokens = tokens;
        this.ends = ends;
        this.ending = ending;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Ends what the token stands for, if it is this client's: the session of a handle or of a refresh token that was handed
     * over, or the one access token. When this returns it is of no use on any replica; a token of somebody else, or of nobody,
     * is left alone.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" or "state" when nothing was ended, Unavailable "ledger" when it was ended
     *     and not written down
     */
    public void take(Client client, Secret token, String requestId) {
        Policy policy = connections.current();
        // No session ends with a single access token, so that nothing else keeps it from being served again.
        outstanding
                .cached(policy.tenant(), client.id(), Fingerprint.sha256(token.reveal()))
                .forEach(tokens::forget);
        Ends.Ended ended = ending.by("client", clock.instant(), () -> ends.given(policy.tenant(), client.id(), token));
        if (ended.known()) {
            ledger.append(entry(policy, client, ended, requestId));
        }
    }

    private Entry entry(Policy policy, Client client, Ends.Ended ended, String requestId) {
        return Happening.of(SessionDesk.ENDED, "client")
                .client(client.id())
                .session(ended.sessions().stream().findFirst().orElse(null))
                .revision(policy.revision())
                .detail(SignalDesk.told(ended))
                .entry(clock.instant(), requestId, policy.tenant());
    }
}
