package dev.xaabroker.grant;

/**
 * An MCP client application that IT has registered with the broker.
 *
 * @param id its {@code client_id} at the broker: the key of its entry in the file
 * @param owner whom to ask about it
 * @param identityProvider the name of the IdP entry that its users log in to
 * @param atIdentityProvider its registration there; subject tokens must have been issued to that client id
 */
public record Client(
        String id,
        String owner,
        Status status,
        ClientAuth auth,
        String identityProvider,
        Credentials atIdentityProvider) {}
