package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** For a broker that manages no stream: it has asked for no verification, so none can answer it. */
@DefaultBean
@ApplicationScoped
class UnaskedStreamEvents implements StreamEvents {

    private static final Logger LOG = Logger.getLogger(UnaskedStreamEvents.class);

    @Override
    public boolean verification(IdentityProviderEntry idp, String streamId, @Nullable String state) {
        return false;
    }

    @Override
    public void updated(IdentityProviderEntry idp, String status) {
        LOG.warnf("A signal stream changed its state idp=%s status=%s", idp.name(), status);
    }
}
