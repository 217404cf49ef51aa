package dev.xaabroker.exchange;

import java.time.Duration;

/** What became of one attempt to revoke a token where it came from (RFC 7009 s2.2). */
public sealed interface Revoked {

    /** The peer says that it is revoked, or never heard of it. */
    record Done() implements Revoked {}

    /** It cannot be revoked there. */
    record Never(String why) implements Revoked {}

    /** It could not be revoked now. */
    record Later(Duration after, String why) implements Revoked {}
}
