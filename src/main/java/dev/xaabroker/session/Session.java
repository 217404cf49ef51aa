package dev.xaabroker.session;

import dev.xaabroker.grant.Identity;
import java.time.Instant;

/**
 * One adopted refresh token of one client for one user, as it stood when it was read.
 *
 * @param id random, not secret
 * @param identityProvider name of the IdP entry
 * @param identity what the last proof said
 * @param provenAt when the IdP last proved it
 * @param expires when it ends whatever the IdP says
 * @param epoch raised by every end; a token whose exchange began at a lower epoch is not handed out
 * @param began when it was adopted
 */
public record Session(
        String id,
        String tenant,
        String clientId,
        String identityProvider,
        Identity identity,
        Instant provenAt,
        Instant expires,
        long epoch,
        Instant began) {}
