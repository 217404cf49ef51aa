package dev.xaabroker.broker;

import java.util.List;
import java.util.Map;

/** The events that mean something here (SSF 1.0 s8.1.4, s8.1.5; CAEP 1.0 s3; RISC 1.0 s2). */
enum EventType {
    VERIFICATION,
    STREAM_UPDATED,
    SESSION_REVOKED,
    CREDENTIAL_CHANGE,
    ACCOUNT_DISABLED,
    ACCOUNT_PURGED,
    CREDENTIAL_COMPROMISE,
    UNKNOWN;

    private static final String SSF = "https://schemas.openid.net/secevent/ssf/event-type/";
    private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
    private static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";

    private static final Map<String, EventType> TYPES = Map.of(
            SSF + "verification", VERIFICATION,
            SSF + "stream-updated", STREAM_UPDATED,
            CAEP + "session-revoked", SESSION_REVOKED,
            CAEP + "credential-change", CREDENTIAL_CHANGE,
            RISC + "account-disabled", ACCOUNT_DISABLED,
            RISC + "account-purged", ACCOUNT_PURGED,
            RISC + "credential-compromise", CREDENTIAL_COMPROMISE,
            // RISC's own was replaced by CAEP's, and is still sent.
            RISC + "sessions-revoked", SESSION_REVOKED);

    static EventType of(String uri) {
        return TYPES.getOrDefault(uri, UNKNOWN);
    }

    /** The events to ask a transmitter for, by their URIs: those that end logins. The others come unasked. */
    static List<String> wanted() {
        return TYPES.entrySet().stream()
                .filter(type -> type.getValue() != VERIFICATION && type.getValue() != STREAM_UPDATED)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
