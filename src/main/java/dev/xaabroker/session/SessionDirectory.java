package dev.xaabroker.session;

import dev.xaabroker.grant.SessionSummary;
import java.util.List;
import java.util.Optional;

/**
 * Sessions as those see them who look after them: who has one, and since when. It shows no token and no claim. Every method
 * throws Refusal(Unavailable "store") when the database does not answer.
 */
public interface SessionDirectory {

    /**
     * Sessions, newest first.
     *
     * @param user only of this pseudonym
     * @param client only of this client
     * @param ended whether those that are over are listed too, and those that never lived
     * @param limit at most this many
     */
    List<SessionSummary> list(String tenant, Optional<String> user, Optional<String> client, boolean ended, int limit);

    /** The session of that id; absent when there is none, or none any more. */
    Optional<SessionSummary> find(String tenant, String id);
}
