package dev.xaabroker.grant;

/** Which addresses a peer's host names may resolve to (RULES K1). Link-local addresses are never reached. */
public enum Network {
    /** Public addresses only. */
    PUBLIC,
    /** Private (RFC 1918, ULA) and loopback addresses too: the operator said that the peer is inside. */
    PRIVATE
}
