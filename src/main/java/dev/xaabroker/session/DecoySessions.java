package dev.xaabroker.session;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Secret;
import java.time.Duration;

/**
 * Live sessions of nobody, to be ended and presented by those who probe whether what is over is refused. They hold no refresh
 * token, and end by themselves. Every method throws Refusal(Unavailable "store") when the database does not answer.
 */
public interface DecoySessions {

    /**
     * A decoy.
     *
     * @param handle known to the caller alone
     */
    record Decoy(String id, Identity identity, Secret handle) {}

    /** Makes one, proven at this moment. */
    Decoy plant(String tenant, Client client, String issuer, Identity identity, Duration life);

    /** Leaves nothing of it; a no-op when it is gone. */
    void remove(String tenant, Decoy decoy);
}
