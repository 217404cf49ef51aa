package dev.xaabroker.grant;

import java.util.List;
import java.util.Map;

/**
 * One MCP server and the authorization server that guards it: both halves of the pair (RULES G4).
 *
 * @param name the entry's key
 * @param resource its RFC 9728 identifier, byte for byte; what goes upstream, whichever alias the client sent
 * @param aliases further exact strings that clients may send for it
 * @param audience the issuer identifier of its RAS, pinned, byte for byte
 * @param scopes all scopes it offers
 * @param auth the broker's credentials at the RAS
 * @param authFor credentials that differ for one client, by its id
 * @param sendResource whether leg 2 carries {@code resource} (RULES E1)
 * @param sendScope whether leg 2 carries {@code scope} (RULES E1)
 * @param assumeCapable whether to go on although the metadata does not list the grant (RULES D9)
 * @param tokenEndpointOrigins origins other than the issuer's where its token endpoint may be (RULES D8)
 */
public record Server(
        String name,
        String resource,
        List<String> aliases,
        String audience,
        String owner,
        Tier tier,
        Status status,
        Scopes scopes,
        LongTokens longTokens,
        Credentials auth,
        Map<String, Credentials> authFor,
        boolean sendResource,
        boolean sendScope,
        boolean assumeCapable,
        List<String> tokenEndpointOrigins,
        Peer peer) {

    /** How sensitive the server is. */
    public enum Tier {
        PUBLIC,
        INTERNAL,
        CONFIDENTIAL,
        RESTRICTED
    }

    public Server {
        aliases = List.copyOf(aliases);
        authFor = Map.copyOf(authFor);
        tokenEndpointOrigins = List.copyOf(tokenEndpointOrigins);
    }

    /** The broker's credentials at the RAS on behalf of {@code client}. */
    public Credentials credentialsFor(Client client) {
        return authFor.getOrDefault(client.id(), auth);
    }
}
