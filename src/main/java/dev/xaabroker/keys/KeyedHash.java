package dev.xaabroker.keys;

import dev.xaabroker.grant.User;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Base64;
import java.util.Locale;

/** Names for what must be found again and not read: people, sessions, cache keys (HMAC-SHA256, base64url). */
@ApplicationScoped
public class KeyedHash {

    private final KeyRing ring;

    public KeyedHash(KeyRing ring) {
        this.ring = ring;
    }

    /**
     * The hash of {@code parts} for one purpose: two purposes, or two different lists of parts, never meet.
     *
     * @return 43 characters
     */
    public String of(String purpose, String... parts) {
        String[] all = new String[parts.length + 1];
        all[0] = purpose;
        System.arraycopy(parts, 0, all, 1, parts.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Hmac.of(ring.hashKey(), all));
    }

    /** The pseudonym of a user, by tenant: the same person in two tenants has two. */
    public User user(String tenant, String issuer, String sub) {
        return new User(of("user", tenant, issuer, sub));
    }

    /** The name of an e-mail address, of which letters' case is taken to mean nothing. */
    public String email(String tenant, String issuer, String address) {
        return of("email", tenant, issuer, address.strip().toLowerCase(Locale.ROOT));
    }

    /** The name of a login session at an IdP ({@code iss} and {@code sid}). */
    public String idpSession(String tenant, String issuer, String sid) {
        return of("idp-session", tenant, issuer, sid);
    }
}
