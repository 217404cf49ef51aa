package dev.xaabroker.exchange;

import dev.xaabroker.exchange.PeerAuthentication.Proofs;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Gives tokens back that the broker will not use (RFC 7009): best effort, in the background, each once. Only the same
 * origins as for the token endpoint are sent credentials and tokens.
 */
@ApplicationScoped
class Revocation {

    private static final Logger LOG = Logger.getLogger(Revocation.class);

    private final Outbound outbound;
    private final PeerAuthentication authentication;

    Revocation(Outbound outbound, PeerAuthentication authentication) {
        this.outbound = outbound;
        this.authentication = authentication;
    }

    void revokeAccessToken(Server server, Metadata metadata, Credentials credentials, Secret token) {
        revoke(server, metadata, credentials, token, "access_token");
    }

    void revokeRefreshToken(Server server, Metadata metadata, Credentials credentials, Secret token) {
        revoke(server, metadata, credentials, token, "refresh_token");
    }

    private void revoke(Server server, Metadata metadata, Credentials credentials, Secret token, String hint) {
        String endpoint = metadata.revocationEndpoint().orElse("");
        if (!metadata.mayReceiveCredentials(endpoint, server.tokenEndpointOrigins())) {
            LOG.debugf("no revocation endpoint to give a token back to server=%s kind=%s", server.name(), hint);
            return;
        }
        Thread.ofVirtual().name("revoke-" + server.name()).start(() -> {
            try {
                Proofs proofs = authentication.prove(credentials, metadata);
                Map<String, String> form = new LinkedHashMap<>();
                form.put("token", token.reveal());
                form.put("token_type_hint", hint);
                form.putAll(proofs.parameters());
                Answer answer = outbound.postForm(server.peer(), endpoint, proofs.headers(), form);
                LOG.infof("gave a token back server=%s kind=%s status=%s", server.name(), hint, answer.status());
            } catch (OutboundException failed) {
                LOG.warnf(
                        "could not give a token back server=%s kind=%s cause=%s",
                        server.name(), hint, failed.getMessage());
            }
        });
    }
}
