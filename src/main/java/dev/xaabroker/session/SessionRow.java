package dev.xaabroker.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as SQL keeps it. Rows change only through statements that name the {@link #version} they were read at, so two
 * writers never mix; whoever raised the version to take the lease may finish the work.
 */
@Entity
@Table(name = "sso_session")
class SessionRow {

    /** Where a session stands. */
    enum Status {
        /** Stored, and not yet proven at the IdP. */
        PENDING,
        /** Proven; connects may use it. */
        LIVE,
        /** Over; kept as a tombstone. */
        ENDED
    }

    @Id
    String id;

    String tenant;

    @Column(name = "client_id")
    String clientId;

    /** The issuer that the refresh token came from: a name of the file may come to mean another one. */
    String idp;

    @Enumerated(EnumType.STRING)
    Status status;

    /** Keyed hash of tenant, client and presented token: adoption is idempotent on it. */
    String adoption;

    @Column(name = "user_pseudonym")
    @Nullable
    String pseudonym;

    @Column(name = "idp_session")
    @Nullable
    String idpSession;

    /** When the user logged in at the IdP, as far as it says; an end of all logins up to a moment is compared with it. */
    @Column(name = "auth_time")
    @Nullable
    Instant authTime;

    @Column(name = "email_hash")
    @Nullable
    String emailHash;

    @Column(name = "sealed_refresh_token")
    byte @Nullable [] sealedRefreshToken;

    @Column(name = "sealed_identity")
    byte @Nullable [] sealedIdentity;

    /** What the last refresh brought beside the identity, for the replicas that waited for it. */
    @Column(name = "sealed_proof")
    byte @Nullable [] sealedProof;

    /** Since when a refresh token is under way whose answer has not come; null when none is. */
    @Column(name = "refresh_sent_at")
    @Nullable
    Instant refreshSentAt;

    /** Whether that token has been sent once more. */
    @Column(name = "refresh_resent")
    boolean refreshResent;

    /** The two before this process took the lease to send, for the case that it sends nothing after all. */
    @Transient
    @Nullable
    Instant sentBefore;

    @Transient
    boolean resentBefore;

    /** Whether the IdP has ever rotated this session's token. */
    boolean rotates;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "proven_at")
    @Nullable
    Instant provenAt;

    /** When a connect used it, not always the last one: see {@link Limits}. */
    @Column(name = "last_used_at")
    Instant lastUsedAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    /** Until when one process alone may talk to the IdP about this session. */
    @Column(name = "lease_until")
    @Nullable
    Instant leaseUntil;

    long epoch;

    @Column(name = "ended_at")
    @Nullable
    Instant endedAt;

    @Column(name = "end_cause")
    @Nullable
    String endCause;

    long version;

    /** Whether the token may be spent, and nobody is about to find out. */
    boolean isInDoubt(Instant now) {
        return refreshSentAt != null && !isLeased(now) && (provenAt == null || rotates);
    }

    /** When the login behind it began; the IdP accepted it when it was adopted, if nothing else is known. */
    Instant loginAt() {
        return authTime == null ? createdAt : authTime;
    }

    boolean isLeased(Instant now) {
        return leaseUntil != null && leaseUntil.isAfter(now);
    }
}
