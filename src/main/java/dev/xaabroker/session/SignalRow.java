package dev.xaabroker.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A signal that was handled. */
@Entity
@Table(name = "signal_seen")
class SignalRow {

    @Id
    String id;

    String tenant;

    @Column(name = "seen_at")
    Instant seenAt;

    @Column(name = "expires_at")
    Instant expiresAt;
}
