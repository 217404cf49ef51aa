package dev.xaabroker.admin;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Gives the IdP's role names their meaning here, and drops all others. */
@ApplicationScoped
class RoleNames implements SecurityIdentityAugmentor {

    private final Map<String, String> byRole;

    RoleNames(AdminConfig config) {
        byRole = Map.of(
                Role.SECURITY, config.roles().security(),
                Role.IT, config.roles().it(),
                Role.AUDITOR, config.roles().auditor());
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        boolean local = !(identity.getPrincipal() instanceof JsonWebToken)
                && identity.getPrincipal().getName().equals(AdminAuthentication.NAME);
        if (identity.isAnonymous() || local) {
            // The local token's roles are ours already, whatever an IdP would call them.
            return Uni.createFrom().item(identity);
        }
        Set<String> roles = byRole.entrySet().stream()
                .filter(role -> identity.getRoles().contains(role.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        return Uni.createFrom()
                .item(QuarkusSecurityIdentity.builder()
                        .setPrincipal(identity.getPrincipal())
                        .addCredentials(identity.getCredentials())
                        .addRoles(roles)
                        .build());
    }
}
