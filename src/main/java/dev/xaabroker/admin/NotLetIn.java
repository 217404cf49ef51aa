package dev.xaabroker.admin;

import io.quarkus.security.AuthenticationFailedException;

/** Why a local token does not open the face, as the cause of the refusal; for the log. It holds no token. */
final class NotLetIn extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private NotLetIn(String message) {
        super(message, null, false, false);
    }

    static AuthenticationFailedException because(String message) {
        return new AuthenticationFailedException(new NotLetIn(message));
    }
}
