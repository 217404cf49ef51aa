package dev.xaabroker.demo;

/** An OAuth error answer of a demo server (RFC 6749 s5.2). Its text may say what is wrong: this is a fake. */
final class OAuthProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    OAuthProblem(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
    }

    /** The usual: status 400. */
    static OAuthProblem of(String error, String description) {
        return new OAuthProblem(400, error, description);
    }

    static OAuthProblem invalidClient(String description) {
        return new OAuthProblem(401, "invalid_client", description);
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }
}
