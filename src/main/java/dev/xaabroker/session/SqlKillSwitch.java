package dev.xaabroker.session;

import dev.xaabroker.grant.Kill;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.keys.Fingerprint;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The switch in SQL. */
@ApplicationScoped
class SqlKillSwitch implements KillSwitch, PanacheRepositoryBase<KillRow, String> {

    private static final String IN_FORCE = "tenant = ?1 and (until is null or until > ?2)";

    private final Sql sql;
    private final Clock clock;

    SqlKillSwitch(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    @Override
    public Kills inForce(String tenant) {
        List<Kill> shut = list(tenant);
        return shut.isEmpty()
                ? Kills.NONE
                : new Kills(
                        names(shut, Kill.Kind.USER),
                        names(shut, Kill.Kind.CLIENT),
                        names(shut, Kill.Kind.SERVER),
                        names(shut, Kill.Kind.CONNECTION));
    }

    private static Set<String> names(List<Kill> shut, Kill.Kind kind) {
        return shut.stream()
                .filter(kill -> kill.kind() == kind)
                .map(Kill::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<Kill> list(String tenant) {
        return sql.call(() -> find(IN_FORCE, Sort.by("at", "id"), tenant, clock.instant()).stream()
                .map(SqlKillSwitch::kill)
                .toList());
    }

    @Override
    public void shut(Kill kill) {
        sql.call(() -> {
            KillRow row = new KillRow();
            row.id = id(kill.tenant(), kill.kind(), kill.name());
            row.tenant = kill.tenant();
            row.kind = kill.kind();
            row.name = kill.name();
            row.reason = kill.reason();
            row.by = kill.by();
            row.at = kill.at();
            row.until = kill.until();
            return getEntityManager().merge(row);
        });
    }

    @Override
    public boolean open(String tenant, Kill.Kind kind, String name) {
        return sql.call(() ->
                        delete("id = ?1 and (until is null or until > ?2)", id(tenant, kind, name), clock.instant()))
                == 1;
    }

    /** Removes at most {@code most} that opened by themselves before {@code old}, in the caller's transaction. */
    int removeOpen(String tenant, Instant old, int most) {
        List<String> ids = find("select id from KillRow where tenant = ?1 and until <= ?2", tenant, old)
                .project(String.class)
                .page(0, most)
                .list();
        return ids.isEmpty() ? 0 : (int) delete("id in ?1 and until <= ?2", ids, old);
    }

    private static String id(String tenant, Kill.Kind kind, String name) {
        return Fingerprint.sha256(tenant + "\n" + kind.word() + "\n" + name);
    }

    private static Kill kill(KillRow row) {
        return new Kill(row.tenant, row.kind, row.name, row.reason, row.by, row.at, row.until);
    }
}
