package dev.xaabroker.exchange;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.IdTokenVerifier;
import dev.xaabroker.keys.IdTokenVerifier.IdTokenClaims;
import dev.xaabroker.keys.JwtRejected;
import dev.xaabroker.keys.KeyedHash;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads ID tokens of an IdP: only those issued to the client at hand, and only the claims that the file maps. */
@ApplicationScoped
class IdTokens {

    private final KeySets keys;
    private final IdTokenVerifier verifier;
    private final KeyedHash hash;

    IdTokens(KeySets keys, IdTokenVerifier verifier, KeyedHash hash) {
        this.keys = keys;
        this.verifier = verifier;
        this.hash = hash;
    }

    /**
     * The claims of a valid ID token whose {@code aud} is the client's id at the IdP (OIDC Core s3.1.3.7; RULES B6).
     *
     * @throws dev.xaabroker.keys.JwtRejected when it is not one
     * @throws dev.xaabroker.grant.Refusal Unavailable or PeerFault, when the IdP's keys cannot be had
     */
    IdTokenClaims verified(IdentityProviderEntry idp, Client client, Secret idToken) {
        String clientId = client.atIdentityProvider().clientId();
        IdTokenClaims claims =
                keys.verified(idp, jwks -> verifier.verify(idToken.reveal(), jwks, idp.issuer(), clientId));
        MappedClaims.elsewhere(idp, claims.all()).ifPresent(claim -> {
            throw new JwtRejected("the claim " + claim
                    + " stands elsewhere and not in the token, as for a user of too many groups: let"
                    + " the IdP send only those assigned to this application");
        });
        return claims;
    }

    User user(IdentityProviderEntry idp, IdTokenClaims claims) {
        return hash.user(idp.tenant(), idp.issuer(), claims.subject());
    }

    /** What policy may see of the user; an e-mail address is in it only if the file maps one. */
    Identity identity(IdentityProviderEntry idp, IdTokenClaims claims) {
        MappedClaims mapped = MappedClaims.of(idp, claims.all());
        String sid = claims.sid();
        return new Identity(
                        user(idp, claims),
                        sid == null ? null : hash.idpSession(idp.tenant(), idp.issuer(), sid),
                        mapped.groups(),
                        mapped.attributes(),
                        claims.acr(),
                        claims.authTime())
                .withEmail(
                        claims.all().get("email") instanceof String email
                                ? hash.email(idp.tenant(), idp.issuer(), email)
                                : null);
    }
}
