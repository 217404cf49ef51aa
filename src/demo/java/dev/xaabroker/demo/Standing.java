package dev.xaabroker.demo;

import java.time.Instant;
import java.util.List;

/**
 * What an access token stands for in the memory of the authorization server that issued it.
 *
 * @param subject the user, by the identity provider's subject identifier
 * @param clientId the client at the authorization server
 * @param scopes what it may do
 * @param resource the server it is for
 */
public record Standing(
        String subject, String email, String clientId, List<String> scopes, String resource, Instant expires) {

    public Standing {
        scopes = List.copyOf(scopes);
    }
}
