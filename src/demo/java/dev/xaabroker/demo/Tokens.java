package dev.xaabroker.demo;

/**
 * What a login gave a client (OIDC Core s3.1.3.3).
 *
 * @param sid the session at the identity provider
 */
public record Tokens(String idToken, String accessToken, String refreshToken, String sid) {

    @Override
    public String toString() {
        return "Tokens[sid=" + sid + "]";
    }
}
