package dev.xaabroker.admin;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/** What the admin face says when it cannot serve a call. Only its methods ask for roles, so all of these are its own. */
class AdminProblems {

    private static final Logger LOG = Logger.getLogger(AdminProblems.class);
    private static final int FIRST = 1;

    private final AdminAccess access;
    private final AdminConfig config;

    AdminProblems(AdminAccess access, AdminConfig config) {
        this.access = access;
        this.config = config;
    }

    /** No credentials. */
    @ServerExceptionMapper(priority = FIRST)
    Response unauthorized(UnauthorizedException none, ContainerRequestContext call) {
        return challenge(call, "");
    }

    /** Credentials that are no good. What was wrong is for the log: its reader can mend it, a stranger learns nothing. */
    @ServerExceptionMapper(priority = FIRST)
    Response notAuthenticated(AuthenticationFailedException failed, ContainerRequestContext call) {
        if (unreachable(failed)) {
            return idpDown(call);
        }
        LOG.infof("admin token refused request_id=%s why=%s", AdminCalls.requestId(call), why(failed));
        return challenge(call, ", error=\"invalid_token\"");
    }

    /** The IdP's metadata or keys could not be read. */
    @ServerExceptionMapper(priority = FIRST)
    Response idpUnavailable(OIDCException failed, ContainerRequestContext call) {
        LOG.warnf(
                "The IdP of the admin face does not answer request_id=%s detail=%s",
                AdminCalls.requestId(call), failed.getMessage());
        return idpDown(call);
    }

    /** Somebody we know, without a role. */
    @ServerExceptionMapper(priority = FIRST)
    Response forbidden(ForbiddenException lacking, ContainerRequestContext call) {
        return Problem.of(
                        403,
                        "role-missing",
                        "None of the roles that may do this",
                        "The token's claim " + config.rolesClaim() + " must hold one of "
                                + config.roles().security() + ", "
                                + config.roles().it() + ", "
                                + config.roles().auditor() + ": ask whoever assigns them at the identity provider.")
                .response(AdminCalls.requestId(call))
                .build();
    }

    @ServerExceptionMapper
    Response stopped(Problem.Stopped stopped, ContainerRequestContext call) {
        return stopped.problem().response(AdminCalls.requestId(call)).build();
    }

    /** A room refused: the policy or a store is not there. */
    @ServerExceptionMapper
    Response refused(Refusal refusal, ContainerRequestContext call) {
        Failure failure = refusal.failure();
        LOG.warnf("admin call refused request_id=%s detail=%s", AdminCalls.requestId(call), failure.detail());
        return unavailable(
                call,
                failure.reason(),
                "A part that is needed does not answer now (" + failure.reason() + "). See /q/health, and try again.");
    }

    private Response challenge(ContainerRequestContext call, String error) {
        String requestId = AdminCalls.requestId(call);
        return switch (access.way()) {
            case AdminAccess.Way.Closed(String todo) ->
                Problem.of(403, "closed", "The admin face is closed", "Nobody gets in here yet: " + todo)
                        .response(requestId)
                        .build();
            case AdminAccess.Way.Local local ->
                unauthorized(
                        requestId,
                        error,
                        "Send the content of the broker's file admin.token, from the same machine and not through a"
                                + " proxy. The broker's log names the file at start.");
            case AdminAccess.Way.EnterpriseIdp(String issuer, String audience) ->
                unauthorized(
                        requestId,
                        error,
                        "Send an access token of " + issuer + " whose only audience is " + audience
                                + ". The broker's log says under the request id what is wrong with a token.");
        };
    }

    private static Response unauthorized(String requestId, String error, String todo) {
        return Problem.of(401, "not-authenticated", "A bearer token is needed", todo)
                .response(requestId)
                .header("WWW-Authenticate", "Bearer realm=\"xaa-admin\"" + error)
                .build();
    }

    private static Response idpDown(ContainerRequestContext call) {
        return unavailable(
                call,
                "idp-unavailable",
                "The identity provider's keys cannot be read, so no token can be verified. Connects are not affected."
                        + " Try again; if it lasts, check xaa.admin.issuer.");
    }

    private static Response unavailable(ContainerRequestContext call, String code, String detail) {
        return Problem.of(503, code, "Not now", detail)
                .response(AdminCalls.requestId(call))
                .header("Retry-After", "5")
                .build();
    }

    private static boolean unreachable(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof OIDCException || cause instanceof java.io.IOException) {
                return true;
            }
        }
        return false;
    }

    /** Never a message of the JWT library: it quotes the token. */
    private static String why(AuthenticationFailedException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof NotLetIn local) {
                return String.valueOf(local.getMessage());
            }
            if (cause instanceof InvalidJwtException jwt) {
                return why(jwt.getErrorDetails());
            }
        }
        return "not a JWT of this identity provider";
    }

    private static String why(@Nullable List<ErrorCodeValidator.Error> errors) {
        return errors == null || errors.isEmpty()
                ? "malformed"
                : errors.stream().map(AdminProblems::why).distinct().collect(Collectors.joining(", "));
    }

    private static String why(ErrorCodeValidator.Error error) {
        return switch (error.getErrorCode()) {
            case ErrorCodes.EXPIRED -> "expired";
            case ErrorCodes.EXPIRATION_MISSING -> "no exp";
            case ErrorCodes.NOT_YET_VALID -> "not valid yet";
            case ErrorCodes.ISSUED_AT_INVALID_FUTURE -> "issued in the future";
            case ErrorCodes.ISSUER_INVALID, ErrorCodes.ISSUER_MISSING -> "another issuer";
            case ErrorCodes.AUDIENCE_INVALID, ErrorCodes.AUDIENCE_MISSING -> "another audience";
            case ErrorCodes.SUBJECT_MISSING -> "no sub";
            case ErrorCodes.SIGNATURE_INVALID, ErrorCodes.SIGNATURE_MISSING -> "signature";
            case ErrorCodes.MISCELLANEOUS -> ruleBroken(error.getErrorMessage());
            default -> "malformed, code " + error.getErrorCode();
        };
    }

    /** Our own words; the library's, which quote the token's header, are left out. */
    private static String ruleBroken(String message) {
        return message.startsWith(AdminTokenRules.SAID)
                ? message.substring(AdminTokenRules.SAID.length())
                : "not a JWT that the published keys verify";
    }
}
