package dev.xaabroker.grant;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session as those see it who look after sessions: no token, no claim.
 *
 * @param user the pseudonym; absent before it was first proven
 * @param identityProvider the issuer
 * @param status {@code pending}, {@code live} or {@code ended}
 * @param provenAt when the IdP last proved it
 * @param inDoubt whether its refresh token may be spent
 * @param handles how many handles it has
 */
public record SessionSummary(
        String id,
        String tenant,
        @Nullable String user,
        String client,
        String identityProvider,
        String status,
        Instant began,
        @Nullable Instant provenAt,
        Instant expires,
        boolean inDoubt,
        long handles,
        @Nullable Instant endedAt,
        @Nullable String endCause) {}
