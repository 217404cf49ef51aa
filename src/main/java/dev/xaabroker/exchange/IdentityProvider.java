package dev.xaabroker.exchange;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import org.jspecify.annotations.Nullable;

/** Leg 1: the enterprise identity provider, as the IdP registration of the authenticated MCP client. */
public interface IdentityProvider {

    /**
     * Redeems a refresh token (RFC 6749 s6) and validates the ID token that comes back (OIDC Core s3.1.3.7, s12.2); when none
     * does, asks UserInfo (OIDC Core s5.3), and when that says nothing either, the claims are unknown.
     *
     * @param known what the last proof said of its user; null when it was never proven
     * @throws dev.xaabroker.grant.Refusal SessionDead on {@code invalid_grant}, Unavailable when the IdP does not answer,
     *     PeerFault when it answers nonsense or refuses our credentials
     */
    Proof refresh(IdentityProviderEntry idp, Client client, Secret refreshToken, @Nullable Identity known);

    /**
     * Validates an ID token that a client presented: {@code aud} is its id at the IdP, {@code iat} at most 5 min old.
     *
     * @throws dev.xaabroker.grant.Refusal Denied(SESSION_UNKNOWN) when it does not hold
     */
    Identity identify(IdentityProviderEntry idp, Client client, Secret idToken);

    /**
     * Exchanges a subject token for an ID-JAG and checks the result (ID-JAG s4.3; RULES B1 to B11, C1 to C4).
     *
     * @param subjectToken what {@code idp.strategy()} asks for: a refresh, ID or access token of the IdP
     * @param sessionless whether {@code subjectToken} is an ID token whatever the strategy says
     * @param expected the user whose ID-JAG it must be
     * @throws dev.xaabroker.grant.Refusal PeerDenied, StepUp, Unavailable or PeerFault
     */
    Leg1 idJag(
            IdentityProviderEntry idp,
            Client client,
            Server server,
            Scopes scopes,
            Secret subjectToken,
            boolean sessionless,
            User expected);

    /** Revokes a refresh token that was issued to {@code client}'s registration (RFC 7009), once. */
    Revoked revoke(IdentityProviderEntry idp, Client client, Secret refreshToken);

    /** The two normal outcomes of leg 1. */
    sealed interface Leg1 {

        /** A checked ID-JAG. */
        record Issued(IdJag idJag) implements Leg1 {}

        /** The IdP does not accept the subject token: refresh once, then decide (RULES B10). */
        record SubjectRefused(String detail) implements Leg1 {}
    }
}
