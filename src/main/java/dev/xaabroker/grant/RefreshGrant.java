package dev.xaabroker.grant;

/** Sends one refresh token to the IdP it came from: the hop that a session store lends out while it holds the lock. */
@FunctionalInterface
public interface RefreshGrant {

    /**
     * Redeems {@code refreshToken} once.
     *
     * @throws Refusal with {@link Failure.SessionDead} when the IdP answers {@code invalid_grant}
     */
    Proof refresh(Secret refreshToken);
}
