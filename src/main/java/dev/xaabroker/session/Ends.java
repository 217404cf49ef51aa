package dev.xaabroker.session;

import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions and all that hangs on them, each in one transaction: when a method returns, no connect that begins gets a token
 * through what it ended, on any replica, and every token that was issued through it stands in the queue of what is to be
 * revoked. Every method throws Refusal(Unavailable "store") when the database does not answer; nothing is half ended then.
 */
public interface Ends {

    /**
     * Logins, as an IdP names them: those to which everything that is given here applies.
     *
     * @param issuer of the IdP
     * @param user pseudonym
     * @param idpSession keyed hash of {@code iss} and {@code sid}
     * @param email keyed hash of the address
     * @param upTo those begun later live on
     */
    record Logins(
            String tenant,
            String issuer,
            @Nullable String user,
            @Nullable String idpSession,
            @Nullable String email,
            Instant upTo) {}

    /**
     * What an end found.
     *
     * @param sessions ids of those that it ended
     * @param tokens how many access tokens it put into the queue
     * @param cached names under which ended tokens may still lie in the cache, where nobody may use them any more
     * @param known whether anything of these logins was ever here
     */
    record Ended(List<String> sessions, int tokens, List<String> cached, boolean known) {

        public Ended {
            sessions = List.copyOf(sessions);
            cached = List.copyOf(cached);
        }
    }

    /**
     * Ends one session: its refresh token goes into the queue, its handles are refused.
     *
     * @param cause what stands in the row; at most 100 characters of it are kept
     * @return what it found; no sessions when it was over already, and not known when it is not there
     */
    Ended session(String tenant, String id, String cause);

    /**
     * Ends logins, those too that no session is known of: tokens and ID tokens of them are not taken later. A session of the
     * same user that began later, or whose IdP never said to which login it belongs, is proven there before its next use.
     *
     * @param remembered for how long
     */
    Ended logins(Logins logins, String cause, Duration remembered);

    /** Ends every session of a user, whenever it began, and remembers that all logins up to now are over. */
    Ended user(String tenant, String pseudonym, String cause, Duration remembered);

    /**
     * Ends what a token stands for that its client gives back: the session of a handle or of a refresh token that was adopted
     * from it, or an access token alone.
     *
     * @return not known when it is not this client's, or nothing
     */
    Ended given(String tenant, String clientId, Secret token);

    /** Puts the tokens issued to a client, for a server or by a connection into the queue; sessions live on. */
    Ended tokens(String tenant, Issued issued, String cause);

    /** By what tokens were issued: one of the three. */
    record Issued(Optional<String> client, Optional<String> server, Optional<String> connection) {}

    /** Of these sessions, those that are over, with when they ended and why. */
    Map<String, Over> over(Set<String> sessionIds);

    /** The end of a session. */
    record Over(Instant at, String cause) {}

    /** Whether a signal of that id was handled before. */
    boolean isSeen(String tenant, String id);

    /** Remembers that a signal was handled. */
    void see(String tenant, String id, Duration remembered);
}
