package dev.xaabroker.grant;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A kind of identity provider: how it departs from the ID-JAG draft (PRODUCT.md, "The connect request"). */
public enum Profile {
    /** draft-ietf-oauth-identity-assertion-authz-grant-04 as written; the subject token is an ID token. */
    ID_JAG(SubjectStrategy.RT_TO_ID_TOKEN, AssertionShape.STANDARD, false, Duration.ZERO),
    /** Okta: a refresh token is the subject, the client assertion names the token endpoint and has no {@code typ}. */
    OKTA(
            SubjectStrategy.RT_DIRECT,
            new AssertionShape(AssertionShape.TOKEN_ENDPOINT, null),
            false,
            Duration.ofSeconds(30)),
    /** Stock Keycloak: standard token exchange of an access token; no ID-JAG, so the ledger marks it weaker. */
    KEYCLOAK(SubjectStrategy.RT_TO_ACCESS_TOKEN, new AssertionShape(AssertionShape.ISSUER, null), true, Duration.ZERO);

    private final SubjectStrategy strategy;
    private final AssertionShape assertion;
    private final boolean weaker;
    private final Duration grace;

    Profile(SubjectStrategy strategy, AssertionShape assertion, boolean weaker, Duration grace) {
        this.strategy = strategy;
        this.assertion = assertion;
        this.weaker = weaker;
        this.grace = grace;
    }

    /** The subject strategy unless the entry names another. */
    public SubjectStrategy strategy() {
        return strategy;
    }

    /** The client assertion's shape unless the entry names another. */
    public AssertionShape assertion() {
        return assertion;
    }

    /** Whether what it issues proves less than an ID-JAG does; the ledger then says so. */
    public boolean weaker() {
        return weaker;
    }

    /**
     * How long after a rotation its IdPs still honour the spent refresh token, so that one whose answer was lost may be sent
     * once more; zero when they do not. Okta's default is 30 s.
     */
    public Duration grace() {
        return grace;
    }

    /** The name in the file: {@code id-jag}, {@code okta}, {@code keycloak}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Profile> named(String wireName) {
        for (Profile profile : values()) {
            if (profile.wireName().equals(wireName)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
