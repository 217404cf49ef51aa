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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads ID tokens of an IdP: only those issued to the client at hand, and only the claims that the file maps. */
@ApplicationScoped
class IdTokens {

    private static final String GROUPS = "groups";

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
        checkWhole(idp, claims);
        return claims;
    }

    /**
     * Refuses a token that says a claim which rules may see stands elsewhere (OIDC Core s5.6.2), as Entra does for a user of
     * very many groups: without them a rule that denies one of those groups would let the user pass.
     */
    private static void checkWhole(IdentityProviderEntry idp, IdTokenClaims claims) {
        if (claims.all().get("_claim_names") instanceof Map<?, ?> elsewhere) {
            idp.claims().values().stream()
                    .filter(elsewhere::containsKey)
                    .findAny()
                    .ifPresent(claim -> {
                        throw new JwtRejected(
                                "the claim " + claim + " stands elsewhere and not in the token, as for a user of too"
                                        + " many groups: let the IdP send only those assigned to this application");
                    });
        }
    }

    User user(IdentityProviderEntry idp, IdTokenClaims claims) {
        return hash.user(idp.tenant(), idp.issuer(), claims.subject());
    }

    /** What policy may see of the user; an e-mail address is in it only if the file maps one. */
    Identity identity(IdentityProviderEntry idp, IdTokenClaims claims) {
        Set<String> groups = new HashSet<>();
        Map<String, List<String>> attributes = new HashMap<>();
        idp.claims().forEach((name, claim) -> {
            List<String> values = strings(claims.all().get(claim)).toList();
            if (name.equals(GROUPS)) {
                groups.addAll(values);
            } else if (!values.isEmpty()) {
                attributes.put(name, values);
            }
        });
        String sid = claims.sid();
        return new Identity(
                user(idp, claims),
                sid == null ? null : hash.idpSession(idp.tenant(), idp.issuer(), sid),
                groups,
                attributes,
                claims.acr(),
                claims.authTime());
    }

    /** A claim as strings; an object in it means nothing to policy and is left out. */
    private static Stream<String> strings(@Nullable Object claim) {
        return switch (claim) {
            case null -> Stream.empty();
            case String text -> Stream.of(text);
            case Number number -> Stream.of(number.toString());
            case Boolean flag -> Stream.of(flag.toString());
            case Collection<?> several ->
                several.stream()
                        .filter(each -> !(each instanceof Collection<?>))
                        .flatMap(IdTokens::strings);
            default -> Stream.empty();
        };
    }
}
