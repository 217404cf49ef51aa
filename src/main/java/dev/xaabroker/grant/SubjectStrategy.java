package dev.xaabroker.grant;

/** Which token of the session is the {@code subject_token} of leg 1 (RULES B6). */
public enum SubjectStrategy {
    /** The refresh token itself (ID-JAG s4.3: MAY be supported). */
    RT_DIRECT,
    /** A refresh grant first, then the ID token it returned (ID-JAG s4.3: MUST be supported). */
    RT_TO_ID_TOKEN,
    /** A refresh grant first, then the access token it returned; only in profile {@code keycloak}. */
    RT_TO_ACCESS_TOKEN
}
