package dev.xaabroker.grant;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh grant at the IdP proved, and the tokens it returned (RFC 6749 s6; OIDC Core s12.2). In memory only.
 *
 * @param identity the user, from the ID token or the UserInfo fetched with this answer
 * @param rotatedRefreshToken the new refresh token, when the IdP rotated it; the old one is then spent
 * @param idToken the ID token, whose {@code aud} is the client's id at the IdP; absent when the IdP sent none
 * @param accessToken the IdP's own access token, when it sent one
 * @param at when the answer arrived
 */
public record Proof(
        Identity identity,
        @Nullable Secret rotatedRefreshToken,
        @Nullable Secret idToken,
        @Nullable Secret accessToken,
        Instant at) {}
