package dev.xaabroker.grant;

/** What to do with a RAS that issues tokens which live longer than five minutes (PRODUCT.md, "State"). */
public enum LongTokens {
    /** Refuse the token; the error says which line to change. */
    REFUSE,
    /** Revoke it at the RAS when our five minutes end (RFC 7009). */
    REVOKE,
    /** Hand it out; the published bound is then that server's own lifetime. */
    ACCEPT
}
