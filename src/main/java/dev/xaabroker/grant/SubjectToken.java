package dev.xaabroker.grant;

/** What a client presents to say which user it acts for (RFC 8693 s2.1). */
public sealed interface SubjectToken {

    /** A refresh token of the IdP, issued to this client's registration there: to be adopted. */
    record IdpRefreshToken(Secret token) implements SubjectToken {}

    /** A handle of a session that the broker already holds. */
    record Handle(Secret handle) implements SubjectToken {}

    /** An ID token issued to this client's registration: a connect without a session. */
    record IdToken(Secret token) implements SubjectToken {}
}
