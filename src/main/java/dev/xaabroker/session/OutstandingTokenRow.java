package dev.xaabroker.session;

import dev.xaabroker.session.OutstandingTokens.Kind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
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

    @Enumerated(EnumType.STRING)
    Kind kind;

    String tenant;

    @Column(name = "session_id")
    @Nullable
    String sessionId;

    @Column(name = "user_pseudonym")
    String pseudonym;

    @Column(name = "idp_session")
    @Nullable
    String idpSession;

    @Column(name = "email_hash")
    @Nullable
    String emailHash;

    @Column(name = "client_id")
    String clientId;

    /** That an access token is for. */
    @Nullable
    String server;

    /** Of the IdP: that a refresh token came from, or whose login an access token was issued to; null in rows of an older version. */
    @Nullable
    String issuer;

    /** Ids between commas, one before and one after each. */
    @Nullable
    String connections;

    @Column(name = "cache_name")
    @Nullable
    String cacheName;

    String fingerprint;

    @Column(name = "sealed_token")
    byte[] sealedToken;

    @Column(name = "issued_at")
    Instant issuedAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    /** When it is to be revoked; null when it is not. */
    @Column(name = "due_at")
    @Nullable
    Instant dueAt;

    @Nullable
    String cause;

    int attempts;

    @Column(name = "lease_until")
    @Nullable
    Instant leaseUntil;
}
