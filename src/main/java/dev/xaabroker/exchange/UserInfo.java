package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who a refreshed access token is about, where the IdP sends no ID token with it (OIDC Core s5.3). Only plain JSON over TLS
 * from the IdP itself; a signed answer is not read.
 */
@ApplicationScoped
class UserInfo {

    private static final Logger LOG = Logger.getLogger(UserInfo.class);

    private final Outbound outbound;
    private final KeyedHash hash;
    private final Clock clock;

    UserInfo(Outbound outbound, KeyedHash hash, Clock clock) {
        this.outbound = outbound;
        this.hash = hash;
        this.clock = clock;
    }

    /**
     * What UserInfo says. It tells of the user and not of the login: session, {@code acr} and {@code auth_time} stay as the
     * ID token of the login said them.
     *
     * @return empty when there is no such endpoint, or it will not tell
     * @throws Refusal Unavailable when it does not answer now
     */
    Optional<Identity> of(
            IdentityProviderEntry idp, Metadata metadata, @Nullable Secret accessToken, @Nullable Identity known) {
        Optional<String> endpoint = metadata.userInfoEndpoint()
                .filter(url -> metadata.mayReceiveCredentials(url, idp.tokenEndpointOrigins()));
        return accessToken == null || endpoint.isEmpty()
                ? Optional.empty()
                : document(idp, endpoint.get(), accessToken).flatMap(said -> identity(idp, said, known));
    }

    private Optional<Document> document(IdentityProviderEntry idp, String endpoint, Secret accessToken) {
        Answer answer;
        try {
            answer = outbound.getProtected(idp.peer(), endpoint, accessToken);
        } catch (OutboundException failed) {
            throw new Failure.Unavailable(
                            Hop.IDP.code(), RetryAfter.UNSAID, idp.name() + ": UserInfo: " + failed.getMessage())
                    .refusal();
        }
        if (answer.status() == 429 || answer.status() >= 500) {
            throw new Failure.Unavailable(
                            Hop.IDP.code(),
                            RetryAfter.of(answer, clock.instant()),
                            idp.name() + ": UserInfo answered " + answer.status())
                    .refusal();
        }
        try {
            if (answer.status() == 200) {
                return Optional.of(Document.parse(answer.body()));
            }
            LOG.warnf("UserInfo will not tell provider=%s status=%d", idp.name(), answer.status());
        } catch (Document.Malformed malformed) {
            LOG.warnf("UserInfo is of no use provider=%s why=%s", idp.name(), malformed.getMessage());
        }
        return Optional.empty();
    }

    private Optional<Identity> identity(IdentityProviderEntry idp, Document said, @Nullable Identity known) {
        String subject;
        try {
            subject = said.required("sub");
        } catch (Document.Malformed malformed) {
            LOG.warnf("UserInfo is of no use provider=%s why=%s", idp.name(), malformed.getMessage());
            return Optional.empty();
        }
        Optional<String> elsewhere = MappedClaims.elsewhere(idp, said.members());
        if (elsewhere.isPresent()) {
            LOG.warnf(
                    "UserInfo leaves out a claim that rules may see provider=%s claim=%s", idp.name(), elsewhere.get());
            return Optional.empty();
        }
        MappedClaims mapped = MappedClaims.of(idp, said.members());
        Identity told = new Identity(
                        hash.user(idp.tenant(), idp.issuer(), subject),
                        known == null ? null : known.idpSession(),
                        mapped.groups(),
                        mapped.attributes(),
                        known == null ? null : known.acr(),
                        known == null ? null : known.authTime())
                .withEmail(
                        said.members().get("email") instanceof String email
                                ? hash.email(idp.tenant(), idp.issuer(), email)
                                : known == null ? null : known.emailHash());
        if (said.members().keySet().containsAll(idp.claims().values())) {
            return Optional.of(told);
        }
        // An IdP may put a claim into ID tokens alone: what UserInfo leaves out is not known to be empty.
        LOG.warnf("claims unknown: UserInfo leaves out one that rules may see provider=%s", idp.name());
        return Optional.of(told.claimsUnknown());
    }
}
