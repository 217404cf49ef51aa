package dev.xaabroker.grant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends one refresh token to the IdP it came from: the hop that a session store lends out while it holds the lock. */
@FunctionalInterface
public interface RefreshGrant {

    /**
     * Redeems {@code refreshToken} once.
     *
     * @param known what the last proof said of its user; null when it was never proven
     * @throws Refusal with {@link Failure.SessionDead} when the IdP answers {@code invalid_grant}, and with
     *     {@link Failure.AnswerLost} when it was sent and no usable answer came: the token may be spent; with
     *     {@link Failure.NotSent} when it was not sent
     */
    Proof refresh(Secret refreshToken, @Nullable Identity known);

    /** How long after a rotation the IdP still honours the spent token; zero when it does not say that it does. */
    default Duration grace() {
        return Duration.ZERO;
    }
}
