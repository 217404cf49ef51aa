package dev.xaabroker.demo;

import java.util.List;
import java.util.Set;

/** How a demo authorization server behaves: change a field at any time. */
public final class RasBehaviour {

    /** Whether its metadata lists the ID-JAG grant profile. */
    public volatile boolean listsProfile = true;

    /** The {@code grant_types_supported} of its metadata; empty leaves the member out. */
    public volatile List<String> grantTypes = List.of(TokenType.JWT_BEARER);
    /** The {@code token_endpoint_auth_methods_supported} of its metadata; empty leaves the member out. */
    public volatile List<String> authMethods = List.of("client_secret_basic", "client_secret_post", "private_key_jwt");
    /** Whether metadata is found at the RFC 8414 place. */
    public volatile boolean metadataAtOAuth = true;
    /** Whether metadata is found at the OpenID places. */
    public volatile boolean metadataAtOpenId = true;
    /** The {@code issuer} its metadata claims; empty is the real one. */
    public volatile String metadataIssuer = "";
    /** The token endpoint its metadata claims; empty is the real one. */
    public volatile String metadataTokenEndpoint = "";

    public volatile boolean listsRevocation = true;
    /** Refuses revocations while true. */
    public volatile boolean revocationFails;

    public volatile AssertionRules assertions = AssertionRules.RFC7523BIS;
    /** Each ID-JAG is accepted once. */
    public volatile boolean singleUse = true;
    /** An ID-JAG must say {@code resource}. */
    public volatile boolean requiresResourceClaim;
    /** Accepts Keycloak's exchanged JWT ({@code typ} JWT, {@code azp}) in place of an ID-JAG. */
    public volatile boolean acceptsPlainJwt;

    /** Seconds that a token really lives and says it lives. */
    public volatile int expiresIn = 300;
    /** The token is a JWT full of lies instead of an opaque string; nobody may believe it (RFC 9068 s6). */
    public volatile boolean misleadingJwt;

    public volatile String tokenType = "Bearer";
    public volatile boolean returnsRefreshToken;
    /** Whether the answer says {@code resource}. */
    public volatile boolean resourceInAnswer;
    /** Scopes it grants at most; empty grants what the ID-JAG and the request allow. */
    public volatile Set<String> grantsOnly = Set.of();
    /** Demands a DPoP proof that carries this nonce; empty demands none. */
    public volatile String dpopNonce = "";

    public volatile Set<AnswerFlaw> answerFlaws = Set.of();
}
