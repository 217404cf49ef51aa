package dev.xaabroker.grant;

import java.util.List;

/**
 * What an MCP server publishes about itself (RFC 9728 s2). For people who write its entry: the broker never follows it.
 *
 * @param resource its identifier, checked against where the document was found (RULES D3)
 * @param authorizationServers at least one; their order means nothing (RULES D4)
 * @param scopes {@code scopes_supported}
 */
public record PublishedResource(String resource, List<String> authorizationServers, List<String> scopes) {

    public PublishedResource {
        authorizationServers = List.copyOf(authorizationServers);
        scopes = List.copyOf(scopes);
    }
}
