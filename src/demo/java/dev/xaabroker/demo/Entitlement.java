package dev.xaabroker.demo;

import java.util.Set;

/**
 * What the identity provider's own administrator allows: one of its clients may ask for ID-JAGs for one RAS.
 *
 * @param idpClientId the client that asks
 * @param audience the issuer identifier of the RAS
 * @param rasClientId that client's id at the RAS, which becomes the ID-JAG's {@code client_id}
 * @param resources the servers which that RAS guards
 * @param scopes what may be asked for
 */
public record Entitlement(
        String idpClientId, String audience, String rasClientId, Set<String> resources, Set<String> scopes) {

    public Entitlement {
        resources = Set.copyOf(resources);
        scopes = Set.copyOf(scopes);
    }
}
