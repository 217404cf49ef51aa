package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.ledger.EntryJson;
import dev.xaabroker.ledger.LedgerQueries;
import dev.xaabroker.ledger.LedgerVerification;
import dev.xaabroker.ledger.LedgerVerification.Verdict;
import dev.xaabroker.policy.ManagedConnections;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The ledger for those who prove it and keep it elsewhere. */
@Path("/admin/ledger")
@Produces(MediaType.APPLICATION_JSON)
public class LedgerAuditEndpoint {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final String HASH = "[0-9a-f]{64}";

    private final LedgerQueries ledger;
    private final LedgerVerification verification;
    private final ManagedConnections connections;
    private final Clock clock;
    /** A verification reads the whole ledger: one at a time. */
    private final Semaphore verifying = new Semaphore(1);

    LedgerAuditEndpoint(
            LedgerQueries ledger, LedgerVerification verification, ManagedConnections connections, Clock clock) {
        this.ledger = ledger;
        this.verification = verification;
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * All entries of a time, whole, oldest first: what {@code xaa ledger export} writes.
     *
     * @param since ISO 8601 with offset; the beginning when absent
     * @param until the same, exclusive; now when absent
     * @param limit from 1 to 1000; 100 when absent
     * @param cursor {@code next} of the page before
     */
    @GET
    @Path("entries")
    @RolesAllowed({Role.SECURITY, Role.AUDITOR})
    @RunOnVirtualThread
    public String entries(
            @QueryParam("since") @Nullable String since,
            @QueryParam("until") @Nullable String until,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Instant from = Parameters.time("since", since).orElse(Instant.EPOCH);
        Instant to = Parameters.time("until", until).orElse(clock.instant());
        if (to.isBefore(from)) {
            throw Problem.field("until", "lies before since").stop();
        }
        int most = Parameters.limit(limit);
        Optional<LedgerQueries.Cursor> after = cursor == null ? Optional.empty() : Optional.of(cursor(cursor));
        LedgerQueries.Page page = ledger.entries(connections.current().tenant(), from, to, after, most);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = answer.putArray("entries");
        page.stored().forEach(stored -> entries.add(EntryJson.of(stored)));
        page.next().ifPresent(next -> answer.put("next", next.toString()));
        return answer.toString();
    }

    private static LedgerQueries.Cursor cursor(String text) {
        return LedgerQueries.Cursor.parse(text)
                .orElseThrow(() -> Problem.field("cursor", "must be next of an earlier answer")
                        .stop());
    }

    /**
     * Replays all chains and checkpoints: what {@code xaa ledger verify} tells.
     *
     * @param logged hashes of checkpoints that a log holds
     */
    @GET
    @Path("verification")
    @RolesAllowed({Role.SECURITY, Role.AUDITOR})
    @RunOnVirtualThread
    public String verification(@QueryParam("checkpoint") List<String> logged) {
        if (logged.stream().anyMatch(hash -> !hash.matches(HASH))) {
            throw Problem.field("checkpoint", "must be the hash of a checkpoint, 64 lower-case hex digits")
                    .stop();
        }
        if (!verifying.tryAcquire()) {
            throw unavailable("another verification is under way");
        }
        try {
            return answer(verification.verify(logged)).toString();
        } catch (SQLException failure) {
            throw unavailable(
                    "the ledger could not be read; a large one is verified from the database, without --broker");
        } finally {
            verifying.release();
        }
    }

    private static Refusal unavailable(String detail) {
        return new Failure.Unavailable("ledger", RETRY_AFTER, detail).refusal();
    }

    private static ObjectNode answer(Verdict verdict) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        return switch (verdict) {
            case Verdict.Whole whole ->
                answer.put("whole", true)
                        .put("entries", whole.entries())
                        .put("links", whole.links())
                        .put("checkpoints", whole.checkpoints())
                        .put("unsigned", whole.unsigned());
            case Verdict.Broken broken -> answer.put("whole", false).put("where", broken.where());
        };
    }
}
