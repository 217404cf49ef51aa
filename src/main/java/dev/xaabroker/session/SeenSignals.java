package dev.xaabroker.session;

import dev.xaabroker.keys.Fingerprint;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which signals were handled, each method inside the caller's transaction. */
@ApplicationScoped
class SeenSignals implements PanacheRepositoryBase<SignalRow, String> {

    private final Clock clock;

    SeenSignals(Clock clock) {
        this.clock = clock;
    }

    boolean has(String tenant, String id) {
        return findByIdOptional(key(tenant, id)).isPresent();
    }

    void add(String tenant, String id, Duration remembered) {
        SignalRow row = new SignalRow();
        row.id = key(tenant, id);
        row.tenant = tenant;
        row.seenAt = clock.instant();
        row.expiresAt = row.seenAt.plus(remembered);
        getEntityManager().merge(row);
    }

    int removeExpired(Instant now, int most) {
        List<String> ids = find("select id from SignalRow where expiresAt <= ?1", now)
                .project(String.class)
                .page(0, most)
                .list();
        return ids.isEmpty() ? 0 : (int) delete("id in ?1", ids);
    }

    private static String key(String tenant, String id) {
        return Fingerprint.sha256(tenant + "\n" + id);
    }
}
