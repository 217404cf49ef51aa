package dev.xaabroker.session;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.SealBroken;
import dev.xaabroker.keys.Sealer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What of a session is stored sealed, each value bound to its tenant, session and column (RULES K6). */
@ApplicationScoped
class SealedSession {

    private static final Logger LOG = Logger.getLogger(SealedSession.class);

    private final Sealer sealer;
    private final Clock clock;

    SealedSession(Sealer sealer, Clock clock) {
        this.sealer = sealer;
        this.clock = clock;
    }

    byte[] token(String tenant, String id, Secret token) {
        return sealer.seal(place(tenant, id, "refresh_token"), token.reveal().getBytes(StandardCharsets.UTF_8));
    }

    byte[] identity(String tenant, String id, Identity identity) {
        return sealer.seal(place(tenant, id, "identity"), IdentityJson.write(identity));
    }

    byte[] proof(String tenant, String id, Proven proven) {
        return sealer.seal(place(tenant, id, "proof"), ProofJson.write(proven.idToken(), proven.accessToken()));
    }

    /** The proof of a live row, as the replica that obtained it left it. */
    Optional<Proof> proof(SessionRow row) {
        return row.sealedProof == null || row.provenAt == null
                ? Optional.empty()
                : Optional.of(ProofJson.read(
                        open(row, "proof", row.sealedProof), session(row).identity(), row.provenAt));
    }

    Secret token(SessionRow row) {
        return Secret.of(new String(open(row, "refresh_token", row.sealedRefreshToken), StandardCharsets.UTF_8));
    }

    /** The session of a live row. */
    Session session(SessionRow row) {
        java.time.Instant provenAt = row.provenAt;
        if (provenAt == null) {
            throw Sql.unavailable("session " + row.id + " is live and was never proven");
        }
        Identity identity = IdentityJson.read(open(row, "identity", row.sealedIdentity));
        return new Session(
                row.id,
                row.tenant,
                row.clientId,
                row.idp,
                identity,
                provenAt,
                row.expiresAt,
                row.epoch,
                row.isInDoubt(clock.instant()),
                row.createdAt);
    }

    /** The identity of a live row; absent when it does not open, which is logged. */
    Optional<Identity> readable(SessionRow row) {
        try {
            return Optional.of(IdentityJson.read(open(row, "identity", row.sealedIdentity)));
        } catch (Refusal unreadable) {
            return Optional.empty();
        }
    }

    /** A value that does not open was altered, or its key is gone from the ring: for the operator to mend, not to delete. */
    private byte[] open(SessionRow row, String column, byte @org.jspecify.annotations.Nullable [] sealed) {
        try {
            if (sealed == null) {
                throw Sql.unavailable("session " + row.id + " has no " + column);
            }
            return sealer.open(place(row.tenant, row.id, column), sealed);
        } catch (SealBroken broken) {
            LOG.errorf("A stored value does not open session=%s column=%s why=%s", row.id, column, broken.getMessage());
            throw Sql.unavailable("the " + column + " of session " + row.id + " does not open");
        }
    }

    static String place(String tenant, String id, String column) {
        return "session\n" + id + "\n" + column + "\n" + tenant;
    }
}
