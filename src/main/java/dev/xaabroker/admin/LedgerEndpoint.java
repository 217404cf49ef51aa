package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.KillDesk;
import dev.xaabroker.broker.LastKnown;
import dev.xaabroker.broker.Prober;
import dev.xaabroker.broker.Revocations;
import dev.xaabroker.broker.SecurityEvents;
import dev.xaabroker.broker.SessionDesk;
import dev.xaabroker.broker.SignalDesk;
import dev.xaabroker.broker.StreamHealth;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.LedgerQueries;
import dev.xaabroker.policy.ManagedConnections;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the ledger saw. */
@Path("/admin/ledger")
@Produces(MediaType.APPLICATION_JSON)
public class LedgerEndpoint {

    private static final Duration USUAL = Duration.ofHours(24);

    /** What stands in the ledger without that a client asked for something. */
    private static final Set<String> NO_REQUESTS = Set.of(
            SecurityEvents.NOTED,
            SignalDesk.SIGNAL,
            SessionDesk.ENDED,
            KillDesk.KILLED,
            KillDesk.REOPENED,
            Revocations.REVOKED,
            Revocations.NOT_REVOKED,
            Prober.ALERT,
            StreamHealth.DEGRADED,
            StreamHealth.WELL,
            "renewed");

    private final LedgerQueries ledger;
    private final LastKnown lastKnown;
    private final ManagedConnections connections;
    private final Clock clock;

    LedgerEndpoint(LedgerQueries ledger, LastKnown lastKnown, ManagedConnections connections, Clock clock) {
        this.ledger = ledger;
        this.lastKnown = lastKnown;
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * The connects of a time, oldest first, with what is still known of their users: what {@code xaa policy diff --replay}
     * judges under another file. Users are pseudonyms. For all three roles: IT to replay, security and auditors to read.
     *
     * @param since ISO 8601 with offset; 24 hours ago when absent
     * @param until the same, exclusive; now when absent
     * @param limit from 1 to 1000; 100 when absent
     * @param cursor {@code next} of the page before
     */
    @GET
    @Path("requests")
    @RolesAllowed({Role.SECURITY, Role.IT, Role.AUDITOR})
    @RunOnVirtualThread
    public String requests(
            @QueryParam("since") @Nullable String since,
            @QueryParam("until") @Nullable String until,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Instant now = clock.instant();
        Instant from = Parameters.time("since", since).orElse(now.minus(USUAL));
        Instant to = Parameters.time("until", until).orElse(now);
        if (to.isBefore(from)) {
            throw Problem.field("until", "lies before since").stop();
        }
        int most = Parameters.limit(limit);
        Optional<LedgerQueries.Cursor> after = cursor == null ? Optional.empty() : Optional.of(cursor(cursor));
        String tenant = connections.current().tenant();
        LedgerQueries.Page page = ledger.entries(tenant, from, to, after, most);
        return answer(page, lastKnown.identities(tenant, sessions(page))).toString();
    }

    private static LedgerQueries.Cursor cursor(String text) {
        return LedgerQueries.Cursor.parse(text)
                .orElseThrow(() -> Problem.field("cursor", "must be next of an earlier answer")
                        .stop());
    }

    private static Set<String> sessions(LedgerQueries.Page page) {
        Set<String> ids = new HashSet<>();
        for (Entry entry : page.entries()) {
            if (entry.sessionId() != null) {
                ids.add(entry.sessionId());
            }
        }
        return ids;
    }

    private static ObjectNode answer(LedgerQueries.Page page, Map<String, Identity> known) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = answer.putArray("requests");
        for (Entry entry : page.entries()) {
            if (NO_REQUESTS.contains(entry.decision()) || entry.requestId().startsWith(Prober.PREFIX)) {
                continue;
            }
            String session = entry.sessionId();
            requests.add(RequestJson.of(entry, Optional.ofNullable(session == null ? null : known.get(session))));
        }
        page.next().ifPresent(next -> answer.put("next", next.toString()));
        return answer;
    }
}
