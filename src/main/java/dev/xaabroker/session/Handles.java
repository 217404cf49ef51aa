package dev.xaabroker.session;

import dev.xaabroker.grant.HandleFormat;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.Fingerprint;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The handles of sessions, by SHA-256; what a client holds cannot be read back from here. */
@ApplicationScoped
class Handles implements PanacheRepositoryBase<HandleRow, String> {

    private final SecureRandom random = new SecureRandom();
    private final SessionsConfig config;
    private final Clock clock;

    Handles(SessionsConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** A further handle of a session, inside the caller's transaction; the oldest beyond the bound ceases to be known. */
    Secret issue(String sessionId) {
        Secret handle = HandleFormat.mint(random);
        HandleRow row = new HandleRow();
        row.hash = Fingerprint.sha256(handle.reveal());
        row.sessionId = sessionId;
        row.createdAt = clock.instant();
        persist(row);
        long surplus = count("sessionId", sessionId) - config.handles();
        if (surplus > 0) {
            List<HandleRow> oldest = find("sessionId", Sort.by("createdAt", "hash"), sessionId)
                    .page(0, (int) surplus)
                    .list();
            oldest.forEach(this::delete);
        }
        return handle;
    }

    /** How many handles each of these sessions has, by session id; one that has none is missing. */
    Map<String, Long> count(List<String> sessionIds) {
        Map<String, Long> counts = new HashMap<>();
        if (!sessionIds.isEmpty()) {
            getEntityManager()
                    .createQuery(
                            "select sessionId, count(*) from HandleRow where sessionId in :ids group by sessionId",
                            Object[].class)
                    .setParameter("ids", sessionIds)
                    .getResultList()
                    .forEach(row -> counts.put((String) row[0], (Long) row[1]));
        }
        return counts;
    }

    /** The session id behind a handle; a malformed one is not looked up. */
    Optional<String> sessionOf(Secret handle) {
        return HandleFormat.isWellFormed(handle.reveal())
                ? findByIdOptional(Fingerprint.sha256(handle.reveal())).map(row -> row.sessionId)
                : Optional.empty();
    }
}
