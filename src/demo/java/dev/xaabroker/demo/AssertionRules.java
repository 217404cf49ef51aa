package dev.xaabroker.demo;

/** What a demo server demands of a client assertion's {@code aud} and {@code typ}; servers differ (RULES B5, E3). */
public enum AssertionRules {
    /** draft-ietf-oauth-rfc7523bis-11: the issuer as sole audience, {@code client-authentication+jwt} as type. */
    RFC7523BIS,
    /** The issuer as sole audience, and no explicit type other than {@code JWT}. */
    ISSUER_UNTYPED,
    /** Okta: the token endpoint as audience, and no {@code typ} at all or {@code JWT}. */
    TOKEN_ENDPOINT_UNTYPED
}
