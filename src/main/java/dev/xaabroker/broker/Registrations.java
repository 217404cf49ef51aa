package dev.xaabroker.broker;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.SigningKey;
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
     * Marks a client assertion as used; false when it was used before (RULES A4).
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable when the mark cannot be set: it is then not accepted
     */
    public boolean firstUse(String clientId, String assertionId, Instant until) {
        return marks.firstUse("client-assertion", clientId, assertionId, until);
    }

    /** The keys that sign the broker's client assertions. */
    public List<SigningKey> signingKeys() {
        return connections.current().signingKeys();
    }
}
