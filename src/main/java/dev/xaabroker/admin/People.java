package dev.xaabroker.admin;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Users as the callers of this face name them: by pseudonym, or as their IdP knows them. */
@ApplicationScoped
class People {

    private final ManagedConnections connections;
    private final KeyedHash hash;

    People(ManagedConnections connections, KeyedHash hash) {
        this.connections = connections;
        this.hash = hash;
    }

    /** Whose they are: callers see and end nothing of another tenant that shares the database. */
    String tenant() {
        return connections.current().tenant();
    }

    /**
     * The pseudonym that is meant; absent when nobody is.
     *
     * @param idp the name of an identity provider of the policy, which knows {@code subject}
     */
    Optional<String> pseudonym(Optional<String> pseudonym, Optional<String> idp, Optional<String> subject) {
        if (idp.isEmpty() && subject.isEmpty()) {
            return pseudonym;
        }
        if (pseudonym.isPresent() || idp.isEmpty() || subject.isEmpty()) {
            throw Problem.field("subject", "give subject and idp together, and then no pseudonym")
                    .stop();
        }
        Policy policy = connections.current();
        String issuer = policy.clients().stream()
                .map(policy::identityProvider)
                .filter(provider -> provider.name().equals(idp.get()))
                .findAny()
                .map(IdentityProviderEntry::issuer)
                .orElseThrow(
                        () -> Problem.field("idp", "no client of the policy uses an identity provider of this name")
                                .stop());
        return Optional.of(hash.user(policy.tenant(), issuer, subject.get()).pseudonym());
    }
}
