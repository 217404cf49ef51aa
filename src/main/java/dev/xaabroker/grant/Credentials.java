package dev.xaabroker.grant;

/** How the broker proves itself at a peer's token endpoint: at the IdP as the client's registration, or at a RAS. */
public sealed interface Credentials {

    /** The client id at that peer. */
    String clientId();

    /** HTTP Basic, both halves form-urlencoded first (RFC 6749 s2.3.1; RULES E2). */
    record SecretBasic(String clientId, Secret secret) implements Credentials {}

    /** Client id and secret as form parameters (RFC 6749 s2.3.1). */
    record SecretPost(String clientId, Secret secret) implements Credentials {}

    /** A signed client assertion, new for each attempt (RFC 7523 s2.2). */
    record PrivateKeyJwt(String clientId, SigningKey key, AssertionShape shape) implements Credentials {}
}
