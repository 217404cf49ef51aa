package dev.xaabroker.oauth;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.HandleFormat;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SubjectToken;
import java.util.Optional;

/** Reads a connect request out of the form of an authenticated client (RFC 8693 s2.1; PRODUCT.md, "The connect request"). */
final class TokenRequest {

    static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String REFRESH_TOKEN = "refresh_token";
    static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

    private static final String REFRESH_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:refresh_token";
    private static final String ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token";
    private static final int LONGEST = 16_384;

    private TokenRequest() {}

    /** The request names a grant that this endpoint does not have (RFC 6749 s5.2). */
    static final class UnsupportedGrant extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnsupportedGrant() {
            super("unsupported grant_type", null, false, false);
        }
    }

    /**
     * Checks the grant before the client is authenticated, so that the answer does not depend on who asks.
     *
     * @throws UnsupportedGrant for any but the two grants
     */
    static void checkGrant(Form form) {
        String grant = form.require("grant_type");
        if (!grant.equals(TOKEN_EXCHANGE) && !grant.equals(REFRESH_TOKEN)) {
            throw new UnsupportedGrant();
        }
    }

    /**
     * Reads the rest.
     *
     * @throws dev.xaabroker.grant.Refusal InvalidRequest, or Denied(SERVER_UNKNOWN) for the resource
     */
    static ConnectRequest read(String requestId, Client client, Form form, boolean fresh) {
        SubjectToken subject = form.require("grant_type").equals(REFRESH_TOKEN) ? handle(form) : subject(form);
        return new ConnectRequest(
                requestId, client, subject, form.resource(), form.get("audience"), scopes(form), fresh);
    }

    private static SubjectToken handle(Form form) {
        return new SubjectToken.Handle(secret(form, "refresh_token"));
    }

    private static SubjectToken subject(Form form) {
        if (form.has("actor_token") || form.has("actor_token_type")) {
            throw invalid("actor_token is not supported: the client itself is the actor");
        }
        if (form.get("requested_token_type")
                .filter(type -> !type.equals(ACCESS_TOKEN_TYPE))
                .isPresent()) {
            throw invalid("requested_token_type, if sent, must be " + ACCESS_TOKEN_TYPE);
        }
        String type = form.require("subject_token_type");
        Secret token = secret(form, "subject_token");
        return switch (type) {
            case REFRESH_TOKEN_TYPE ->
                HandleFormat.looksLikeHandle(token.reveal())
                        ? new SubjectToken.Handle(token)
                        : new SubjectToken.IdpRefreshToken(token);
            case ID_TOKEN_TYPE -> new SubjectToken.IdToken(token);
            default -> throw invalid("subject_token_type must be " + REFRESH_TOKEN_TYPE + " or " + ID_TOKEN_TYPE);
        };
    }

    private static Secret secret(Form form, String name) {
        String value = form.require(name);
        if (value.length() > LONGEST) {
            throw invalid("the parameter " + name + " is too long");
        }
        // A handle between blanks would be none to us, and would be sent to the IdP as a refresh token.
        if (value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw invalid("the parameter " + name + " holds a blank or another character that no token has");
        }
        return Secret.of(value);
    }

    private static Optional<Scopes> scopes(Form form) {
        try {
            return form.get("scope").map(Scopes::parse).filter(scopes -> !scopes.isEmpty());
        } catch (IllegalArgumentException e) {
            throw invalid("scope holds a character that RFC 6749 s3.3 does not allow");
        }
    }

    private static RuntimeException invalid(String text) {
        return new Failure.InvalidRequest(text).refusal();
    }
}
