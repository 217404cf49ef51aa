package dev.xaabroker.exchange;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Profile;
import java.util.Locale;
import java.util.Optional;

/** What is known of IdPs that an issuer gives away. */
final class IdpQuirks {

    private static final String NAME = "profile";

    private IdpQuirks() {}

    /** @param issuesIdJags whether its metadata says so */
    static Optional<Check> of(IdentityProviderEntry idp, boolean issuesIdJags) {
        String issuer = idp.issuer().toLowerCase(Locale.ROOT);
        String host = WellKnown.authority(issuer);
        String entry = "identityProviders." + idp.name();
        boolean okta =
                host.endsWith(".okta.com") || host.endsWith(".oktapreview.com") || host.endsWith(".okta-emea.com");
        if (okta && idp.profile() != Profile.OKTA) {
            return Optional.of(Check.warning(
                    NAME, "this looks like Okta, which departs from the draft", "write profile: okta at " + entry));
        }
        if (idp.profile() == Profile.OKTA && issuer.contains("/oauth2/")) {
            return Optional.of(Check.fault(
                    NAME,
                    "Okta issues ID-JAGs at its org authorization server only, and this is a custom one",
                    "write issuer: " + WellKnown.authority(idp.issuer()) + " at " + entry));
        }
        if (idp.profile() == Profile.ID_JAG && issuer.contains("/realms/") && !issuesIdJags) {
            return Optional.of(Check.warning(
                    NAME,
                    "this looks like Keycloak, which as it ships (26.7) issues no ID-JAGs",
                    "write profile: keycloak at " + entry + " unless an extension issues them"));
        }
        return Optional.empty();
    }
}
