package dev.xaabroker.admin;

import java.util.Set;

/** The roles of the admin face, as its methods name them. What an IdP calls them is for {@link AdminConfig} to say. */
final class Role {

    /** Ends access; sees everything. */
    static final String SECURITY = "xaa-security";

    /** Writes the managed-connections file; sees why it decides as it does. */
    static final String IT = "xaa-it";

    /** Reads, and changes nothing. */
    static final String AUDITOR = "xaa-auditor";

    static final Set<String> ALL = Set.of(SECURITY, IT, AUDITOR);

    private Role() {}
}
