package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import org.jspecify.annotations.Nullable;

/** What a Shared Signals stream says about itself (SSF 1.0 s8.1.4, s8.1.5; RULES H10). */
public interface StreamEvents {

    /**
     * A verification event.
     *
     * @param streamId the stream that it is about
     * @param state what it echoes; null when it has none
     * @return whether it answers the verification that is outstanding
     */
    boolean verification(IdentityProviderEntry idp, String streamId, @Nullable String state);

    /**
     * The transmitter changed the state of the stream.
     *
     * @param status {@code enabled}, {@code paused} or {@code disabled}
     */
    void updated(IdentityProviderEntry idp, String status);
}
