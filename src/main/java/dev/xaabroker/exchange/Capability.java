package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.PublishedGuard.Redeems;
import dev.xaabroker.grant.Server;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Whether a RAS says that it redeems ID-JAGs (ID-JAG s7.2, RFC 8414 s2; RULES D9). */
@ApplicationScoped
class Capability {

    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static final Logger LOG = Logger.getLogger(Capability.class);
    private static final String ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    static Redeems level(Metadata metadata) {
        if (metadata.grantProfiles().contains(ID_JAG_PROFILE)) {
            return Redeems.YES;
        }
        return metadata.grantTypes().contains(JWT_BEARER) ? Redeems.PERHAPS : Redeems.NO;
    }

    /**
     * Passes when the RAS lists the profile or at least the grant, or when the file says to assume it.
     *
     * @throws dev.xaabroker.grant.Refusal PeerFault otherwise
     */
    void check(Server server, Metadata metadata) {
        Redeems level = level(metadata);
        if (server.assumeCapable() || level == Redeems.YES) {
            return;
        }
        if (level == Redeems.NO) {
            throw new PeerFault(
                            Hop.RAS,
                            server.peer().name(),
                            "the authorization server of " + server.name() + " lists neither the id-jag profile nor the"
                                    + " jwt-bearer grant; if it supports them all the same, set assumeCapable: true"
                                    + " at servers." + server.name())
                    .refusal();
        }
        if (warned.add(metadata.issuer())) {
            LOG.warnf(
                    "the authorization server lists the jwt-bearer grant and not the id-jag profile; trying it"
                            + " server=%s issuer=%s",
                    server.name(), metadata.issuer());
        }
    }
}
