package dev.xaabroker.grant;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the IdP last said about a user, as far as policy may see it.
 *
 * @param user the pseudonym
 * @param idpSession keyed hash of {@code iss} and {@code sid}, when the IdP sends a {@code sid}
 * @param groups values of the claim mapped to {@code groups}; empty when there is none
 * @param attributes the other mapped claims by their name in policy, each as a list of strings
 * @param acr the authentication context class (OIDC Core s2), when known
 * @param authTime when the user last logged in at the IdP, when known
 * @param claimsKnown false when the IdP proved the user and said nothing about them: groups and attributes are then empty
 *     for want of knowledge, and no rule may take that for an answer
 * @param emailHash keyed hash of the e-mail address, by which signals may name the user; policy does not see it
 */
public record Identity(
        User user,
        @Nullable String idpSession,
        Set<String> groups,
        Map<String, List<String>> attributes,
        @Nullable String acr,
        @Nullable Instant authTime,
        boolean claimsKnown,
        @Nullable String emailHash) {

    public Identity {
        groups = Set.copyOf(groups);
        attributes = Map.copyOf(attributes);
    }

    public Identity(
            User user,
            @Nullable String idpSession,
            Set<String> groups,
            Map<String, List<String>> attributes,
            @Nullable String acr,
            @Nullable Instant authTime) {
        this(user, idpSession, groups, attributes, acr, authTime, true, null);
    }

    /** The same, as part of that session at the IdP. */
    public Identity inIdpSession(@Nullable String session) {
        return new Identity(user, session, groups, attributes, acr, authTime, claimsKnown, emailHash);
    }

    /** The same, of a user with that e-mail address. */
    public Identity withEmail(@Nullable String hash) {
        return new Identity(user, idpSession, groups, attributes, acr, authTime, claimsKnown, hash);
    }

    /** The same login, of which the IdP now says nothing but that it lives. */
    public Identity claimsUnknown() {
        return new Identity(user, idpSession, Set.of(), Map.of(), acr, authTime, false, emailHash);
    }

    @Override
    public String toString() {
        return "Identity[" + user.pseudonym() + "]";
    }
}
