package dev.xaabroker.session;

import dev.xaabroker.keys.Fingerprint;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The streams in SQL, one row each. */
@ApplicationScoped
class SqlSignalStreams implements SignalStreams, PanacheRepositoryBase<SignalStreamRow, String> {

    private final Sql sql;

    SqlSignalStreams(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Optional<SignalStream> find(String tenant, String idp) {
        return sql.call(() -> findByIdOptional(id(tenant, idp)).map(SignalStreamRow::stream));
    }

    @Override
    public SignalStream change(String tenant, String idp, Instant now, UnaryOperator<SignalStream> change) {
        try {
            return sql.call(() -> changed(tenant, idp, now, change));
        } catch (Raced anotherReplicaBegan) {
            return sql.call(() -> changed(tenant, idp, now, change));
        }
    }

    private SignalStream changed(String tenant, String idp, Instant now, UnaryOperator<SignalStream> change) {
        String id = id(tenant, idp);
        // Locks the row in both dialects: what Hibernate writes for PostgreSQL to lock on reading, H2 does not read.
        boolean begun = update("tenant = tenant where id = ?1", id) == 1;
        SignalStreamRow row = begun ? findById(id) : beginning(id, tenant, idp, now);
        row.take(change.apply(row.stream()));
        if (!begun) {
            persist(row);
        }
        return row.stream();
    }

    private static SignalStreamRow beginning(String id, String tenant, String idp, Instant now) {
        SignalStreamRow row = new SignalStreamRow();
        row.id = id;
        row.tenant = tenant;
        row.idp = idp;
        row.take(SignalStream.begin(now));
        return row;
    }

    private static String id(String tenant, String idp) {
        return Fingerprint.sha256(tenant + "\n" + idp);
    }
}
