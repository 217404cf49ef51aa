package dev.xaabroker.session;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The keyed hash of a refresh token that a session was adopted with or rotated to; it outlives the session's end. */
@Entity
@Table(name = "presented_token")
class HeldToken {

    @Id
    String hash;

    @Column(name = "session_id")
    String sessionId;

    static HeldToken of(String hash, String sessionId) {
        HeldToken token = new HeldToken();
        token.hash = hash;
        token.sessionId = sessionId;
        return token;
    }
}
