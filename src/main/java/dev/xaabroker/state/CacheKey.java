package dev.xaabroker.state;

import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.KeyedHash;

/**
 * Everything that tells one issued token from another (RULES F1). Two requests that differ in any of it never share an
 * entry.
 *
 * @param identityProvider the IdP's issuer
 * @param session the session's id, or what stands for it in a sessionless connect
 * @param resource the configured resource, after aliases
 * @param ras the RAS's issuer
 * @param scopes as policy granted them
 * @param decisionFingerprint of the decision that allowed it
 * @param keyThumbprint of the key that the token is bound to; empty for a bearer token
 */
public record CacheKey(
        String tenant,
        String identityProvider,
        String session,
        User user,
        String clientId,
        String resource,
        String ras,
        Scopes scopes,
        String decisionFingerprint,
        String keyThumbprint) {

    /** The key in the store: a keyed hash, which tells nothing about what went into it (RULES F3). */
    String in(KeyedHash hash) {
        return "tok:"
                + hash.of(
                        "cache",
                        tenant,
                        identityProvider,
                        session,
                        user.pseudonym(),
                        clientId,
                        resource,
                        ras,
                        scopes.toString(),
                        decisionFingerprint,
                        keyThumbprint);
    }
}
