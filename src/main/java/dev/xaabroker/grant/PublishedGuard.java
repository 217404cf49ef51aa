package dev.xaabroker.grant;

import java.util.List;

/**
 * What an authorization server publishes about itself, as far as who writes a server's entry needs it (RFC 8414 s2).
 *
 * @param issuer confirmed (RULES D6)
 * @param tokenEndpointElsewhere whether the token endpoint is on another origin than the issuer, which the file must then
 *     allow (RULES D8)
 * @param authMethods how clients prove themselves there
 * @param clientIdMetadata whether it reads client metadata documents (RULES D10)
 * @param registers whether clients may register themselves (RFC 7591)
 */
public record PublishedGuard(
        String issuer,
        String tokenEndpoint,
        boolean tokenEndpointElsewhere,
        Redeems redeems,
        List<String> authMethods,
        List<String> scopes,
        boolean revokes,
        boolean clientIdMetadata,
        boolean registers) {

    /** Whether it says that it redeems ID-JAGs (RULES D9). */
    public enum Redeems {
        /** It lists the id-jag profile. */
        YES,
        /** It lists the jwt-bearer grant alone, and may or may not know ID-JAGs. */
        PERHAPS,
        NO
    }

    public PublishedGuard {
        authMethods = List.copyOf(authMethods);
        scopes = List.copyOf(scopes);
    }
}
