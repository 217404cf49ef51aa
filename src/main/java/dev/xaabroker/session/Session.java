package dev.xaabroker.session;

import dev.xaabroker.grant.Identity;
import java.time.Duration;
import java.time.Instant;

/**
 * One adopted refresh token of one client for one user, as it stood when it was read.
 *
 * @param id random, not secret
 * @param identityProvider issuer of the IdP that the refresh token came from
 * @param identity what the last proof said
 * @param provenAt when the IdP last proved it
 * @param expires when it ends whatever the IdP says
 * @param inDoubt whether its refresh token may be spent: it counts as not proven
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
        boolean inDoubt,
        Instant began) {

    /** How far ahead another node's clock may be. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    /** The same session under a bound that the policy may have lowered since it was adopted. */
    public Session within(Duration maxAge) {
        Instant end = began.plus(maxAge);
        return end.isBefore(expires)
                ? new Session(id, tenant, clientId, identityProvider, identity, provenAt, end, epoch, inDoubt, began)
                : this;
    }

    /**
     * Whether the last proof was obtained at or after {@code since}. One from the future was dated by a clock that was
     * wrong, and nobody can tell how old it is.
     */
    public boolean isProven(Instant since, Instant now) {
        return !inDoubt && isProven(provenAt, since, now);
    }

    static boolean isProven(Instant at, Instant since, Instant now) {
        return !at.isBefore(since) && !at.isAfter(now.plus(AHEAD));
    }
}
