package dev.xaabroker.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/**
 * Why a call to the admin face failed, and what to do (RFC 9457).
 *
 * @param code a stable name; the last part of {@code type}
 * @param detail safe to show to the caller: it says what to do
 * @param field which input is wrong, as {@code user.groups[0]}
 */
record Problem(int status, String code, String title, String detail, Optional<String> field) {

    /** RFC 9457 s3. */
    static final MediaType TYPE = new MediaType("application", "problem+json");

    private static final int BAD_REQUEST = 400;

    static Problem of(int status, String code, String title, String detail) {
        return new Problem(status, code, title, detail, Optional.empty());
    }

    /** An input that cannot be used. */
    static Problem field(String field, String detail) {
        return new Problem(
                BAD_REQUEST, "invalid-field", "An input is wrong", field + ": " + detail, Optional.of(field));
    }

    ObjectNode json(String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "urn:xaa-broker:problem:" + code);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        field.ifPresent(name -> body.put("field", name));
        body.put("request_id", requestId);
        return body;
    }

    Response.ResponseBuilder response(String requestId) {
        return Response.status(status).type(TYPE).entity(json(requestId).toString());
    }

    Stopped stop() {
        return new Stopped(this);
    }

    /** The call ends with this problem. */
    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Stopped(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
