package dev.xaabroker.oauth;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * An error of the token endpoint (RFC 6749 s5.2, RFC 8693 s2.2.2): the one place where a {@link Failure} becomes OAuth.
 *
 * @param description safe to show to the user of the client
 * @param reason a stable code; {@code reason} in the body
 * @param owner whom to ask
 * @param acrValues for {@code insufficient_user_authentication} (RFC 9470 s3)
 * @param maxAge seconds, for the same; negative when not given
 */
record OAuthError(
        int status,
        String error,
        String description,
        String reason,
        Optional<String> owner,
        Optional<Duration> retryAfter,
        String acrValues,
        long maxAge) {

    private static OAuthError plain(int status, String error, String description, String reason) {
        return new OAuthError(status, error, description, reason, Optional.empty(), Optional.empty(), "", -1);
    }

    static OAuthError invalidClient() {
        return plain(401, "invalid_client", "Client authentication failed.", "client-unknown");
    }

    static OAuthError assertionTooOld() {
        return plain(
                401,
                "invalid_client",
                "The broker lost its memory of used client assertions after this one was issued. Sign a new one, with iat.",
                "assertion-too-old");
    }

    static OAuthError unsupportedGrant() {
        return plain(
                400,
                "unsupported_grant_type",
                "grant_type must be " + TokenRequest.TOKEN_EXCHANGE + " or refresh_token.",
                "invalid-request");
    }

    static OAuthError broken() {
        return plain(
                500, "server_error", "The broker failed. The request id finds the cause in its log.", "broker-fault");
    }

    static OAuthError of(Failure failure) {
        return switch (failure) {
            case Failure.InvalidRequest f -> plain(400, "invalid_request", f.text(), f.reason());
            case Failure.Denied f -> denied(f);
            case Failure.StepUp f ->
                new OAuthError(
                        400,
                        "insufficient_user_authentication",
                        "A stronger or newer login at the identity provider is needed.",
                        f.reason(),
                        f.owner(),
                        Optional.empty(),
                        f.acrValues(),
                        f.maxAgeSeconds());
            case Failure.SessionDead f ->
                plain(
                        400,
                        "invalid_grant",
                        "The session at the identity provider has ended; log in again.",
                        f.reason());
            case Failure.PeerDenied f -> peerDenied(f);
            case Failure.PeerFault f ->
                plain(
                        502,
                        "server_error",
                        peerName(f.hop()) + " did not answer as it should. IT can see why in the ledger.",
                        f.reason());
            case Failure.LongToken f ->
                plain(
                        502,
                        "server_error",
                        "The server's tokens live " + f.lifetime().toSeconds()
                                + " s, above the five minutes allowed. IT can permit it with longTokens under servers."
                                + f.server() + ".",
                        f.reason());
            case Failure.AnswerLost f -> of(f.otherwise());
            case Failure.NotSent f -> of(f.otherwise());
            case Failure.Unavailable f ->
                later(
                        503,
                        "A part that is needed does not answer now (" + f.part() + "). Try again.",
                        f.reason(),
                        f.retryAfter());
            case Failure.TooMany f -> later(429, "Too many requests. Slow down.", f.reason(), f.retryAfter());
        };
    }

    private static OAuthError later(int status, String description, String reason, Duration retryAfter) {
        return new OAuthError(
                status,
                "temporarily_unavailable",
                description,
                reason,
                Optional.empty(),
                Optional.of(retryAfter),
                "",
                -1);
    }

    private static OAuthError denied(Failure.Denied denied) {
        int status = denied.code() == Reason.POLICY_UNAVAILABLE ? 503 : 400;
        return new OAuthError(
                status, error(denied.code()), denied.text(), denied.reason(), denied.owner(), Optional.empty(), "", -1);
    }

    /** POLICY.md, "As OAuth errors". */
    private static String error(Reason code) {
        return switch (code) {
            case POLICY_UNAVAILABLE -> "temporarily_unavailable";
            case CLIENT_UNKNOWN, CLIENT_DISABLED, CLIENT_KILLED -> "unauthorized_client";
            case IDP_DISABLED, SESSION_UNKNOWN, SESSION_ENDED, USER_KILLED -> "invalid_grant";
            case SCOPE_NOT_ALLOWED -> "invalid_scope";
            case ASSURANCE_TOO_LOW -> "insufficient_user_authentication";
            case TENANT_UNKNOWN,
                    SERVER_UNKNOWN,
                    SERVER_DISABLED,
                    SERVER_KILLED,
                    RESOURCE_MISMATCH,
                    DENIED_BY_RULE,
                    NO_CONNECTION,
                    CONNECTION_DISABLED,
                    CONNECTION_EXPIRED,
                    CONNECTION_KILLED,
                    USER_NOT_IN_GROUP,
                    CONDITION_FALSE,
                    CONDITION_ERROR,
                    ALLOWED -> "invalid_target";
        };
    }

    private static OAuthError peerDenied(Failure.PeerDenied denied) {
        String error = denied.error().equals("invalid_scope") ? "invalid_scope" : "invalid_target";
        return plain(400, error, peerName(denied.hop()) + " does not permit this connection.", denied.reason());
    }

    private static String peerName(Failure.Hop hop) {
        return hop == Failure.Hop.IDP ? "The identity provider" : "The server's authorization server";
    }
}
