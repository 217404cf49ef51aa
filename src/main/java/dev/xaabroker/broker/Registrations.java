package dev.xaabroker.broker;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.SigningKey;
import dev.xaabroker.grant.SingleUse;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.state.ReplayMarks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the faces need to know of the policy in force to tell who is calling. */
@ApplicationScoped
public class Registrations {

    private final ManagedConnections connections;
    private final ReplayMarks marks;

    Registrations(ManagedConnections connections, ReplayMarks marks) {
        this.connections = connections;
        this.marks = marks;
    }

    /**
     * The client of this id, disabled or not.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable when there is no policy
     */
    public Optional<Client> client(String clientId) {
        return connections.current().client(clientId);
    }

    /**
     * Marks a client assertion as used (RULES A4).
     *
     * @param issued its {@code iat}, or the earliest that it can have been issued
     * @throws dev.xaabroker.grant.Refusal Unavailable when the mark cannot be set: it is then not accepted
     */
    public SingleUse use(String clientId, String assertionId, Instant issued, Instant until) {
        return marks.use("client-assertion", clientId, assertionId, issued, until);
    }

    /** The keys that sign the broker's client assertions. */
    public List<SigningKey> signingKeys() {
        return connections.current().signingKeys();
    }
}
