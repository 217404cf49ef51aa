package dev.xaabroker.session;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The truth about sessions. Every method throws Refusal(Unavailable "store") when the database does not answer. */
public interface SessionStore {

    /**
     * Adopts a refresh token of the IdP, idempotently: the same token of the same client, in parallel or after a lost
     * answer, reaches the same session with a further handle, and is sent to the IdP once.
     *
     * @param issuer of the IdP that the token is sent to, now and at every later refresh
     * @param maxAge after which the session ends whatever the IdP says
     * @throws dev.xaabroker.grant.Refusal Denied(SESSION_ENDED) when that session is over, Denied(SESSION_UNKNOWN) when the
     *     broker holds the token for another client (before any call out), and whatever {@code refresh} throws
     */
    Adopted adopt(String tenant, Client client, String issuer, Secret presented, Duration maxAge, RefreshGrant refresh);

    /**
     * Finds the session of a handle.
     *
     * @throws dev.xaabroker.grant.Refusal Denied(SESSION_UNKNOWN) when there is none or it is another client's,
     *     Denied(SESSION_ENDED) when it is over
     */
    Session byHandle(String tenant, Client client, Secret handle);

    /**
     * Returns the session with a proof obtained at or after {@code since}; refreshes, one at a time per session, only
     * when there is none. A rotated refresh token is stored before the old one is forgotten (RULES B7). An answer
     * {@code invalid_grant} ends the session (RULES H12), and so does a refreshed identity of another user.
     */
    Proved prove(Session session, Instant since, RefreshGrant refresh);

    /**
     * As {@link #prove}, for a caller that needs the tokens of the proof: it is always at hand in the answer, and a
     * refresh goes out when no other caller of this process obtained one at or after {@code since}.
     */
    Proved proveAfresh(Session session, Instant since, RefreshGrant refresh);

    /**
     * Lends out the session's current refresh token while no refresh of that session is under way, for an IdP whose
     * leg 1 takes it as the subject token.
     */
    <T> T withRefreshToken(Session session, Function<Secret, T> use);

    /** Ends a session durably; a no-op when it is over already. Its refresh token is deleted. */
    void end(Session session, String cause);

    /**
     * Compares epochs once more, at the very end of a connect.
     *
     * @throws dev.xaabroker.grant.Refusal Denied(SESSION_ENDED) when the session ended, or its epoch moved, since
     *     {@code session} was read
     */
    void assertStillLive(Session session);

    /**
     * Whether a login is over that no session stands for: it was ended itself, everything of its user was, or a session of
     * the same IdP session was, for a reason that speaks against the login.
     *
     * @param began when it began at the latest, for an IdP that does not say
     */
    boolean isEndedLogin(String tenant, Identity login, Instant began);

    /**
     * What the last proof said, by session id, for those of {@code sessionIds} that live. Asks no IdP.
     *
     * @param sessionIds at most some thousands
     */
    Map<String, Identity> lastKnown(String tenant, Set<String> sessionIds);

    /** An adopted session and a handle for it, shown this once. {@code proof} is absent when no call was needed. */
    record Adopted(Session session, Secret handle, java.util.Optional<Proof> proof) {}

    /** A session whose last proof is young enough, and that proof when it is at hand. */
    record Proved(Session session, java.util.Optional<Proof> proof) {}
}
