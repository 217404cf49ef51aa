package dev.xaabroker.grant;

/** How an MCP client proves itself to the broker. There is exactly one way per client (RULES A3). */
public sealed interface ClientAuth {

    /** {@code client_secret_basic} (RFC 6749 s2.3.1). */
    record SecretBasic(Secret secret) implements ClientAuth {}

    /** {@code client_secret_post} (RFC 6749 s2.3.1). */
    record SecretPost(Secret secret) implements ClientAuth {}

    /**
     * {@code private_key_jwt} (RFC 7523 s2.2).
     *
     * @param jwks the client's public keys, a JWK Set document (RFC 7517 s5)
     */
    record PrivateKeyJwt(String jwks) implements ClientAuth {}
}
