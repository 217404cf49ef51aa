package dev.xaabroker.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Logins that are over, whether a session of them was ever here or not. */
@Entity
@Table(name = "tombstone")
class TombstoneRow {

    @Id
    String id;

    String tenant;

    /** Those begun later are not meant; null when all are. */
    @Column(name = "up_to")
    @Nullable
    Instant upTo;

    String cause;

    @Column(name = "raised_at")
    Instant raisedAt;

    @Column(name = "expires_at")
    Instant expiresAt;
}
