package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Secret;
import java.time.Duration;

/** A refresh at one IdP, as the session store runs it. */
record Refreshing(IdentityProviderEntry idp, RefreshGrant grant) implements RefreshGrant {

    @Override
    public Proof refresh(Secret refreshToken) {
        return grant.refresh(refreshToken);
    }

    @Override
    public Duration grace() {
        return idp.profile().grace();
    }
}
