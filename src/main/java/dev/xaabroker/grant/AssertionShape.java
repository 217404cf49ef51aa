package dev.xaabroker.grant;

import org.jspecify.annotations.Nullable;

/**
 * What the broker's client assertion looks like to one peer (RFC 7523 s3, draft-ietf-oauth-rfc7523bis-11 s4; RULES B5,
 * E3): servers differ in the {@code aud} and {@code typ} they accept.
 *
 * @param audience {@link #ISSUER}, {@link #TOKEN_ENDPOINT}, or the literal {@code aud} to send
 * @param type the {@code typ} header, or null to send none
 */
public record AssertionShape(String audience, @Nullable String type) {

    public static final String ISSUER = "issuer";
    public static final String TOKEN_ENDPOINT = "token-endpoint";
    public static final String CLIENT_AUTHENTICATION_JWT = "client-authentication+jwt";

    /** The shape of draft-ietf-oauth-rfc7523bis: audience is the issuer, and the type is explicit. */
    public static final AssertionShape STANDARD = new AssertionShape(ISSUER, CLIENT_AUTHENTICATION_JWT);

    /** The {@code aud} to send to a server with this {@code issuer} and {@code tokenEndpoint}. */
    public String audienceFor(String issuer, String tokenEndpoint) {
        return switch (audience) {
            case ISSUER -> issuer;
            case TOKEN_ENDPOINT -> tokenEndpoint;
            default -> audience;
        };
    }
}
