package dev.xaabroker.grant;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that an IdP says is over.
 *
 * @param id by which the IdP tells one signal from another ({@code jti}); one that comes again acts once. Null for none
 * @param upTo logins begun until then are over; later ones are not meant
 * @param received when it arrived here
 */
public record Signal(
        IdentityProviderEntry idp, Kind kind, @Nullable String id, Whose whose, Instant upTo, Instant received) {

    /** What the IdP calls it. */
    public enum Kind {
        BACKCHANNEL_LOGOUT,
        SESSION_REVOKED,
        CREDENTIAL_CHANGE,
        CREDENTIAL_COMPROMISE,
        ACCOUNT_DISABLED,
        ACCOUNT_PURGED,
        TOKEN_REVOCATION;

        /** As it stands in the ledger and in metrics: {@code backchannel-logout}, {@code session-revoked}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Whose logins: those to which everything given here applies (SSF s3.2, complex subjects). At least one is given.
     *
     * @param subject {@code sub} at the IdP
     * @param session {@code sid} at the IdP
     * @param email as the IdP writes it
     */
    public record Whose(
            @Nullable String subject,
            @Nullable String session,
            @Nullable String email) {

        public Whose {
            if (subject == null && session == null && email == null) {
                throw new IllegalArgumentException("a signal must say whose logins it means");
            }
        }

        @Override
        public String toString() {
            return "Whose[hidden]";
        }
    }
}
