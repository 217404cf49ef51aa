package dev.xaabroker.grant;

import java.util.Optional;

/**
 * One request through the broker, after its client has been authenticated.
 *
 * @param id the request id, which finds the ledger entry
 * @param resource the {@code resource} as sent (RFC 8707)
 * @param audience the {@code audience} as sent; must then equal the configured one
 * @param scopes the scopes asked for; absent means what the connections give
 * @param fresh whether the client sent {@code Cache-Control: no-cache}
 */
public record ConnectRequest(
        String id,
        Client client,
        SubjectToken subject,
        String resource,
        Optional<String> audience,
        Optional<Scopes> scopes,
        boolean fresh) {

    /** The same request, with the client's entry as {@code current} has it: the file may have changed meanwhile. */
    public ConnectRequest of(Client current) {
        return new ConnectRequest(id, current, subject, resource, audience, scopes, fresh);
    }
}
