package dev.xaabroker.grant;

import java.time.Instant;

/**
 * An identity assertion JWT authorization grant that has passed every check (ID-JAG s3.1; RULES C1 to C4). It lives in
 * memory for one exchange, and is never stored or logged (RULES F7).
 *
 * @param assertion the compact JWT
 * @param id its {@code jti}; the ledger keeps a hash of it, which joins the IdP's own log
 * @param scopes the scopes the IdP granted
 * @param expires its {@code exp}
 * @param weaker whether it is a profile's stand-in and not a real ID-JAG
 */
public record IdJag(Secret assertion, String id, Scopes scopes, Instant expires, boolean weaker) {

    @Override
    public String toString() {
        return "IdJag[hidden]";
    }
}
