package dev.xaabroker.broker;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A refresh at one IdP, as the session store runs it. */
record Refreshing(IdentityProviderEntry idp, RefreshGrant grant) implements RefreshGrant {

    @Override
    public Proof refresh(Secret refreshToken, @Nullable Identity known) {
        return grant.refresh(refreshToken, known);
    }

    @Override
    public Duration grace() {
        return idp.profile().grace();
    }
}
