package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request that was admitted, and the rules that are about its client and server.
 *
 * @param fingerprint of the server's entry
 * @param denyRules of this pair, both modes
 * @param asked the scopes asked for; never empty, as an empty {@code scope} asks like an absent one
 */
record Question(
        Policy.Query query,
        Client client,
        Server server,
        String fingerprint,
        Table.Cell connections,
        List<DenyRule> denyRules,
        Optional<Scopes> asked,
        Refusals refusals) {

    /** The IdP of the client's users. */
    String idp() {
        return client.identityProvider();
    }

    Instant at() {
        return query.at();
    }

    /** Whether {@code offer} has a scope that was asked for. */
    boolean answers(Table.Offer offer) {
        return asked.map(scopes -> scopes.intersects(offer.scopes())).orElse(true);
    }
}
