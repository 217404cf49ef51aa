package dev.xaabroker.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A handle by its SHA-256. */
@Entity
@Table(name = "session_handle")
class HandleRow {

    @Id
    String hash;

    @Column(name = "session_id")
    String sessionId;

    @Column(name = "created_at")
    Instant createdAt;
}
