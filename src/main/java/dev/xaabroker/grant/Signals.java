package dev.xaabroker.grant;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which ways an IdP tells that something is over. A way that is not listed is shut.
 *
 * @param ssf how its Shared Signals stream is known; what holds by default when the file says nothing
 */
public record Signals(Set<Way> ways, Ssf ssf) {

    /** One way, by its name in the managed-connections file. */
    public enum Way {
        /** Security Event Tokens of a Shared Signals stream (SSF 1.0). */
        SSF("ssf"),
        /** OIDC Back-Channel Logout 1.0. */
        BACKCHANNEL_LOGOUT("backchannel-logout"),
        /** draft-parecki-oauth-global-token-revocation; Okta calls it Universal Logout. */
        GLOBAL_TOKEN_REVOCATION("global-token-revocation");

        private final String word;

        Way(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * The stream of one transmitter.
     *
     * @param transmitter its issuer identifier, byte for byte: {@code iss} of its SETs
     * @param audience {@code aud} of its SETs; null stands for the address that it pushes to
     * @param tenant what it calls this tenant in the subjects of its SETs (SSF 1.0 s3)
     * @param authorization the whole {@code Authorization} header agreed on for push (RFC 8935 s2); null when there is none
     * @param stream how the stream is received, and looked after
     */
    public record Ssf(
            String transmitter,
            @Nullable String audience,
            String tenant,
            @Nullable Secret authorization,
            SsfStream stream) {

        /** A stream that is managed by hand. */
        public Ssf(String transmitter, @Nullable String audience, String tenant, @Nullable Secret authorization) {
            this(transmitter, audience, tenant, authorization, SsfStream.BY_HAND);
        }

        /** What holds when the file says nothing. */
        public static Ssf of(String issuer, String tenant) {
            return new Ssf(issuer, null, tenant, null);
        }
    }

    public Signals {
        ways = Set.copyOf(ways);
    }

    /** No signals at all. */
    public static Signals none(String issuer, String tenant) {
        return new Signals(Set.of(), Ssf.of(issuer, tenant));
    }

    public boolean comeBy(Way way) {
        return ways.contains(way);
    }
}
