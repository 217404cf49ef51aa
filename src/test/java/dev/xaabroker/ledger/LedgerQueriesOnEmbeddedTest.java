package dev.xaabroker.ledger;

import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

class LedgerQueriesOnEmbeddedTest extends LedgerQueriesContract {

    private final JdbcDataSource database = new JdbcDataSource();

    LedgerQueriesOnEmbeddedTest() {
        database.setURL(
                "jdbc:h2:mem:" + UUID.randomUUID()
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=5000");
    }

    @Override
    DataSource database() {
        return database;
    }

    @Override
    String explain() {
        return "explain";
    }
}
