package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.testing.OnPostgres;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OnPostgres.class)
class LimitsOnPostgresTest extends LimitsContract {

    private static final Map<String, String> WHERE = Map.of(
            "sso_session_by_use",
                    "status = 'LIVE' and last_used_at <= now() - interval '8 days' order by status, last_used_at",
            "sso_session_by_expiry", "status = 'LIVE' and expires_at <= now() order by status, expires_at",
            "sso_session_by_age",
                    "status = 'LIVE' and created_at <= now() - interval '31 days' order by status, created_at",
            "sso_session_by_end",
                    "status = 'ENDED' and ended_at <= now() - interval '31 days' and expires_at <= now() order by status, ended_at");

    @Override
    String waiting() {
        return "select count(*) from pg_locks where not granted";
    }

    /** Of fifty thousand sessions and tombstones, none of which is due. */
    @Test
    void findsWhatIsDueByItsIndex() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            connection.setAutoCommit(false);
            sql.execute("insert into sso_session (id, tenant, client_id, idp, status, adoption, created_at, expires_at,"
                    + " epoch, version, ended_at, last_used_at) select 'x' || n, 'acme', 'cursor', 'i',"
                    + " case when n % 2 = 0 then 'LIVE' else 'ENDED' end, 'a' || n, now(), now() + (case when n % 2 = 0 then 11 else -1 end)"
                    + " * interval '1 hour', 0,"
                    + " 0, case when n % 2 = 0 then null else now() end, now() from generate_series(1, 50000) n");
            sql.execute("analyze sso_session");

            for (Map.Entry<String, String> where : WHERE.entrySet()) {
                assertThat(plan(sql, where.getValue())).contains(where.getKey()).doesNotContain("Seq Scan");
            }
            assertThat(plan(
                            sql,
                            "status = 'PENDING' and created_at <= now() and expires_at <= now()"
                                    + " order by status, created_at"))
                    .doesNotContain("Seq Scan");
            connection.rollback();
        }
    }

    private static String plan(Statement sql, String where) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows = sql.executeQuery("explain select id from sso_session where " + where + " limit 500")) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
