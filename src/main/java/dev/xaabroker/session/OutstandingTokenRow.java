package dev.xaabroker.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An upstream token that has not expired, sealed. */
@Entity
@Table(name = "outstanding_token")
class OutstandingTokenRow {

    @Id
    String id;

    String tenant;

    @Column(name = "session_id")
    @Nullable
    String sessionId;

    @Column(name = "user_pseudonym")
    String pseudonym;

    @Column(name = "client_id")
    String clientId;

    String server;

    String fingerprint;

    @Column(name = "sealed_token")
    byte[] sealedToken;

    @Column(name = "issued_at")
    Instant issuedAt;

    @Column(name = "expires_at")
    Instant expiresAt;
}
