package dev.xaabroker.session;

import dev.xaabroker.grant.Kill;
import dev.xaabroker.grant.Kills;
import java.util.List;

/**
 * What security has shut. Durable, and read anew by whoever asks: when {@link #shut} returns, every replica knows. Every
 * method throws Refusal(Unavailable "store") when the database does not answer.
 */
public interface KillSwitch {

    /** What is shut for this tenant at this moment. */
    Kills inForce(String tenant);

    /** The same with who, why and until when, the oldest first. */
    List<Kill> list(String tenant);

    /** Shuts something; what was shut already stays shut, with the new reason and end. */
    void shut(Kill kill);

    /** Opens it again. Returns false when it was not shut. */
    boolean open(String tenant, Kill.Kind kind, String name);
}
