package dev.xaabroker.grant;

/** Whether an entry of the managed-connections file is in force. */
public enum Status {
    ENABLED,
    DISABLED
}
