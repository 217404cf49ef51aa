package dev.xaabroker.grant;

import java.util.Locale;

/** Why a request was allowed or refused: stable codes, in the order in which they are decided (POLICY.md). */
public enum Reason {
    POLICY_UNAVAILABLE,
    TENANT_UNKNOWN,
    CLIENT_UNKNOWN,
    CLIENT_DISABLED,
    CLIENT_KILLED,
    SERVER_UNKNOWN,
    SERVER_DISABLED,
    SERVER_KILLED,
    IDP_DISABLED,
    SESSION_UNKNOWN,
    SESSION_ENDED,
    USER_KILLED,
    RESOURCE_MISMATCH,
    DENIED_BY_RULE,
    NO_CONNECTION,
    CONNECTION_DISABLED,
    CONNECTION_EXPIRED,
    CONNECTION_KILLED,
    USER_NOT_IN_GROUP,
    SCOPE_NOT_ALLOWED,
    ASSURANCE_TOO_LOW,
    CONDITION_FALSE,
    CONDITION_ERROR,
    ALLOWED;

    /** The code as clients, the ledger and {@code explain} show it: {@code server-unknown}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
