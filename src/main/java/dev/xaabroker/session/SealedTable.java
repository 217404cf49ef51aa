package dev.xaabroker.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table with sealed columns. A new sealed column belongs here, or no rotation would find it; a test compares the list with
 * the schema.
 *
 * @param kind what a row is called in an answer
 * @param session the column that names the row's session
 */
enum SealedTable {
    SESSION("session", "sso_session", "id", List.of("sealed_refresh_token", "sealed_identity", "sealed_proof")),
    OUTSTANDING("outstanding-token", "outstanding_token", "session_id", List.of("sealed_token"));

    final String kind;
    final String table;
    final String session;
    final List<String> columns;

    SealedTable(String kind, String table, String session, List<String> columns) {
        this.kind = kind;
        this.table = table;
        this.session = session;
        this.columns = columns;
    }

    /** The one place that a value may be opened at (RULES K6). */
    String place(String tenant, String id, String column) {
        return switch (this) {
            case SESSION -> SealedSession.place(tenant, id, name(column));
            case OUTSTANDING -> SqlOutstandingTokens.place(tenant, id);
        };
    }

    /** What a column is called where a value is bound to it. */
    static String name(String column) {
        return column.substring("sealed_".length());
    }

    Optional<SealedTable> next() {
        return switch (this) {
            case SESSION -> Optional.of(OUTSTANDING);
            case OUTSTANDING -> Optional.empty();
        };
    }

    static Optional<SealedTable> ofKind(String kind) {
        return Stream.of(values()).filter(table -> table.kind.equals(kind)).findFirst();
    }

    /**
     * A row as it was read.
     *
     * @param values by column; those that are null are missing
     */
    record Row(String id, String tenant, @Nullable String session, Map<String, byte[]> values) {}
}
