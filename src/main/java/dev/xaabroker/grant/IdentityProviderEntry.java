package dev.xaabroker.grant;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One enterprise identity provider of the managed-connections file.
 *
 * @param tenant the tenant whose file this is; part of every keyed hash
 * @param name the entry's key
 * @param issuer its issuer identifier, byte for byte (RFC 8414 s2)
 * @param recheck how old the last proof of a session may be before it is refreshed on use
 * @param claims which ID token claims policy may see: name in policy to name of the claim
 * @param sendResource whether leg 1 carries {@code resource} (RULES B3)
 * @param sendScope whether leg 1 carries {@code scope}
 * @param resourcePinned whether an ID-JAG without {@code resource} is accepted (RULES C4; seen with Okta)
 * @param tokenEndpointOrigins origins other than the issuer's where its token endpoint may be (RULES D8)
 * @param signals by which ways it tells that a session is over
 */
public record IdentityProviderEntry(
        String tenant,
        String name,
        String issuer,
        Status status,
        Profile profile,
        SubjectStrategy strategy,
        Duration recheck,
        Map<String, String> claims,
        boolean sendResource,
        boolean sendScope,
        boolean resourcePinned,
        List<String> tokenEndpointOrigins,
        Peer peer,
        Signals signals) {

    public IdentityProviderEntry {
        claims = Map.copyOf(claims);
        tokenEndpointOrigins = List.copyOf(tokenEndpointOrigins);
    }
}
