package dev.xaabroker.session;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.keys.Fingerprint;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of logins that were ended, so that the dead are not adopted again. Each method runs inside the caller's
 * transaction.
 */
@ApplicationScoped
class Tombstones implements PanacheRepositoryBase<TombstoneRow, String> {

    private final Clock clock;

    Tombstones(Clock clock) {
        this.clock = clock;
    }

    static String ofLogin(String idpSession) {
        return "login:" + idpSession;
    }

    /**
     * An IdP session, if it is that person's. Whoever else has it is not meant (SSF 1.0 s3.2: all members must match).
     *
     * @param person {@link #ofUser} or {@link #ofEmail}
     */
    static String ofLogin(String idpSession, String person) {
        return Fingerprint.sha256(ofLogin(idpSession) + " " + person);
    }

    static String ofUser(String pseudonym) {
        return "user:" + pseudonym;
    }

    static String ofEmail(String hash) {
        return "email:" + hash;
    }

    /**
     * Ends what the id stands for. What was ended up to a later moment stays so.
     *
     * @param upTo null for good
     * @param expires when nothing that it speaks against can live any more
     */
    void raise(String tenant, String id, @Nullable Instant upTo, String cause, Instant expires) {
        TombstoneRow row = findById(id);
        if (row == null) {
            row = new TombstoneRow();
            row.id = id;
            row.tenant = tenant;
            row.upTo = upTo;
            row.cause = cause;
            row.raisedAt = clock.instant();
            row.expiresAt = expires;
            persist(row);
            return;
        }
        // Compared where it stands, since another end of the same logins may have raised it after it was read.
        update("expiresAt = ?1 where id = ?2 and expiresAt < ?1", expires, id);
        if (upTo == null) {
            update(
                    "upTo = null, cause = ?1, raisedAt = ?2 where id = ?3 and upTo is not null",
                    cause,
                    clock.instant(),
                    id);
        } else {
            update(
                    "upTo = ?1, cause = ?2, raisedAt = ?3 where id = ?4 and upTo < ?1",
                    upTo,
                    cause,
                    clock.instant(),
                    id);
        }
    }

    /** Why the login behind a session is over, if it is. */
    Optional<String> over(SessionRow row) {
        return over(row.idpSession, row.pseudonym, row.emailHash, row.loginAt());
    }

    /**
     * Why a login is over, if it is.
     *
     * @param began when it began at the latest
     */
    Optional<String> over(Identity identity, Instant began) {
        Instant authTime = identity.authTime();
        return over(
                identity.idpSession(),
                identity.user().pseudonym(),
                identity.emailHash(),
                authTime == null ? began : authTime);
    }

    private Optional<String> over(
            @Nullable String login, @Nullable String user, @Nullable String email, Instant loginAt) {
        List<String> ids = Stream.of(
                        login == null ? null : ofLogin(login),
                        login == null || user == null ? null : ofLogin(login, ofUser(user)),
                        login == null || email == null ? null : ofLogin(login, ofEmail(email)),
                        user == null ? null : ofUser(user),
                        email == null ? null : ofEmail(email))
                .filter(Objects::nonNull)
                .toList();
        if (ids.isEmpty()) {
            return Optional.empty();
        }
        return find("id in ?1 and (upTo is null or upTo >= ?2)", ids, loginAt).stream()
                .map(row -> row.cause)
                .findFirst();
    }

    /** Removes at most {@code most} that speak against nothing any more. */
    int removeExpired(Instant now, int most) {
        List<String> ids = find("select id from TombstoneRow where expiresAt <= ?1", now)
                .project(String.class)
                .page(0, most)
                .list();
        return ids.isEmpty() ? 0 : (int) delete("id in ?1", ids);
    }
}
