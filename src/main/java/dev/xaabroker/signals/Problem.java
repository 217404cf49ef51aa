package dev.xaabroker.signals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a signal was not taken: the one place where a {@link Failure} becomes an answer of this face.
 *
 * @param code of RFC 8935 s2.4 for security events, of RFC 6749 s5.2 for the others
 * @param description safe to send
 */
record Problem(int status, String code, String description, Optional<Duration> retryAfter) {

    static final int BAD_REQUEST = 400;
    static final int NOT_AUTHENTICATED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;

    private static final Duration PEER_MENDED = Duration.ofSeconds(30);

    static Problem of(int status, String code, String description) {
        return new Problem(status, code, description, Optional.empty());
    }

    static Problem malformed(String description) {
        return of(BAD_REQUEST, "invalid_request", description);
    }

    /** The same for an identity provider that is not there, and one that does not send this kind: nobody learns which. */
    static Problem notOpen() {
        return of(NOT_FOUND, "not_found", "No identity provider of this name sends this kind of signal here.");
    }

    static Problem broken() {
        return of(500, "server_error", "The broker failed. The request id finds the cause in its log.");
    }

    static Problem of(Failure failure) {
        return switch (failure) {
            case Failure.Unavailable f -> later(503, f.retryAfter());
            case Failure.TooMany f -> later(429, f.retryAfter());
            case Failure.PeerFault f -> later(503, PEER_MENDED);
            case Failure.AnswerLost f -> of(f.otherwise());
            case Failure.NotSent f -> of(f.otherwise());
            case Failure.Denied f when f.code() == Reason.POLICY_UNAVAILABLE -> later(503, PEER_MENDED);
            case Failure.Denied f -> broken();
            case Failure.InvalidRequest f -> malformed(f.text());
            case Failure.StepUp f -> broken();
            case Failure.SessionDead f -> broken();
            case Failure.PeerDenied f -> broken();
            case Failure.LongToken f -> broken();
        };
    }

    private static Problem later(int status, Duration retryAfter) {
        return new Problem(
                status,
                "temporarily_unavailable",
                "Not taken, nothing has changed. Send it again.",
                Optional.of(retryAfter));
    }

    /** The answer, with the names that this kind of signal gives to code and description. */
    Response response(String codeName, String descriptionName, String requestId) {
        Response.ResponseBuilder response = Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("X-Request-Id", requestId)
                .entity(JsonNodeFactory.instance
                        .objectNode()
                        .put(codeName, code)
                        .put(descriptionName, description)
                        .toString());
        retryAfter.ifPresent(after -> response.header("Retry-After", Math.max(1, after.toSeconds())));
        if (status == NOT_AUTHENTICATED) {
            response.header("WWW-Authenticate", "Bearer realm=\"xaa-signals\", error=\"invalid_token\"");
        }
        return response.build();
    }

    Stopped stop() {
        return new Stopped(this);
    }

    /** The request ends with this problem. */
    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Stopped(Problem problem) {
            super(problem.description(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
