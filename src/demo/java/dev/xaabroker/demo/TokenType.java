package dev.xaabroker.demo;

/** The URNs of the two token requests (RFC 8693 s3, RFC 7523, the ID-JAG draft). */
final class TokenType {

    static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
    static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    static final String ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

    private TokenType() {}
}
